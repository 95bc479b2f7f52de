#!/bin/sh
# Ends, and leaves one that keeps its output open.
sleep 600 &
echo $!

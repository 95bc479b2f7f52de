#!/bin/sh
# Leaves a process behind that keeps our output open, as a careless server does.
sleep 300 &
echo "left $!"

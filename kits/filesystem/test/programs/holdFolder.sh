#!/bin/sh
# Stays in the folder until it is told to end.
cd "$1" && echo held && exec sleep 1000

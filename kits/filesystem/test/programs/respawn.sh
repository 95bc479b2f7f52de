#!/bin/sh
# Starts somebody in the folder anew as fast as he is ended, and is itself elsewhere. Ends when the folder is empty.
cd /
while [ -e "$1/lost+found" ]; do (cd "$1" && echo held && exec sleep 1000); done

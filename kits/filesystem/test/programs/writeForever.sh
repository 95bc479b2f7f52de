#!/bin/sh
# Writes to a file on the folder until it is ended, also when a write fails.
exec 3>"$1/written"
echo held
while :; do echo line >&3; done

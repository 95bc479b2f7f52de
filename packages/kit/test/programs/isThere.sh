#!/bin/sh
# Succeeds while the process lives whose number is in the file.
grep -q '^State:[[:space:]]*[SRDT]' "/proc/$(cat "$1")/status" 2>/dev/null

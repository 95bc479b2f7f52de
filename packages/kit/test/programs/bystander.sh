#!/bin/sh
# Starts a sleeper of its own the first time, and says whether that one still lives.
here=$(dirname "$0")
[ -e "$1" ] || sh "$here/startSleeper.sh" "$1"
sh "$here/isThere.sh" "$1" && cat "$1"

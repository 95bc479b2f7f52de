#!/bin/sh
# Runs a program with its output appended to a log that only root and its group read, and nothing of who started it.
# Usage: startDetached.sh LOG PROGRAM [ARG...]
umask 0027
log=$1 && shift
exec "$@" </dev/null >>"$log" 2>&1

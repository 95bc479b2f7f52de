#!/bin/sh
# Freezes the file system of the folder until its standard input ends: also when a test is killed, so that nobody
# waits in the kernel for ever. So the one who thaws is on his own, and outlives who is waited for.
if [ "${2-}" = '' ]; then
  setsid --fork sh "$0" "$1" alone
  exec sleep infinity
fi
# Held open, as the path may be gone by then.
exec 3<"$1"
fsfreeze -f /proc/self/fd/3 || exit 1
echo frozen
read -r line
fsfreeze -u /proc/self/fd/3
exec 3<&-
echo thawed

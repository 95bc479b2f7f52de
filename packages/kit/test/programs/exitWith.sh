#!/bin/sh
# Says why, and exits with the code that it is given.
echo "because of $1" >&2
exit "$1"

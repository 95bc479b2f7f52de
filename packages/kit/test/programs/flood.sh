#!/bin/sh
# Says more than anybody can keep, and then its last word.
head -c 30000000 /dev/zero | tr '\0' 'x'
echo
echo last word

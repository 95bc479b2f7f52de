#!/bin/sh
# Does not hear TERM, nor does its child, nor its grandchild.
trap '' TERM
sh -c 'sleep 301 & echo "grandchild $!"; wait' &
echo "child $!"
while :; do wait; done

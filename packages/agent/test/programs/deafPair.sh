#!/bin/sh
# Two that hear no TERM; says which they are.
trap "" TERM
sleep 613 &
echo "$$ $!"
wait

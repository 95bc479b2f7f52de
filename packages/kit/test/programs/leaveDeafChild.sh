#!/bin/sh
# Ends when it is told to, and leaves a child that does not hear TERM.
sh -c 'trap "" TERM; echo "child $$"; while :; do sleep 302; done' &
wait

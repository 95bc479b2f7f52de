#!/bin/sh
# Ends itself by the signal that it is given.
kill -s "$1" $$

#!/bin/sh
# Writes without end.
exec yes this line comes again and again

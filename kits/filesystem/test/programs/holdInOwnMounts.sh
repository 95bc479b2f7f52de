#!/bin/sh
# Has a mount namespace of its own, with a copy of every mount, and holds nothing in it open.
exec unshare --mount --propagation private sh -c 'cd / && echo held && exec sleep 1000'

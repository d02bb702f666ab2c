#!/bin/sh
# Says which version the "device" runs: the first line of the output, compared with the requested one.
#
#   read-version.sh DEVICE
set -eu

cat "$1/version" 2>/dev/null || echo none

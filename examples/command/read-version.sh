#!/bin/sh
# Writes the version that a "device" runs (see flash.sh) on standard output, and changes nothing.
#
#   read-version.sh DEVICE
set -eu

device=$1

if [ ! -d "$device" ]; then
  echo "there is no device at $device; connect it" >&2
  exit 1
fi
if [ ! -e "$device/active" ]; then
  echo "none" # a new device
  exit 0
fi
cat "$device/slot-$(cat "$device/active")/version"

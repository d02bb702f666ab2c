#!/bin/sh
# Prints the version that fwupd reads from the device.
set -eu

# shellcheck disable=SC2086 # a command and its arguments
if ! devices=$($FWUPD get-devices --json 2>/dev/null); then
  echo "fwupd does not answer: $(echo "$devices" | tr -d '\n{}' | tail -c 200)" >&2
  exit 1
fi
# In the objects of the list, an id or GUID stands before the version of the same device.
version=$(echo "$devices" | awk -v device="\"$DEVICE\"" '
  /^    [{]/ { mine = 0 }
  index($0, device) { mine = 1 }
  mine && /^      "Version" : / { gsub(/.*: "|",?$/, ""); print; exit }')
if [ -z "$version" ]; then
  echo "fwupd sees no device $DEVICE" >&2
  exit 1
fi
echo "$version"

#!/bin/sh
# Prints the version that a USB device itself shows in its descriptor (bcdDevice) while its firmware
# runs, as 1.02 for 0x0102. Nothing is sent to the firmware.
set -eu

list=$(dfu-util -d "$DEVICE" -l 2>&1) || {
  echo "$list" | tail -n 1 >&2
  exit 1
}
# Found Runtime: [1209:0001] ver=0102, devnum=9, cfg=1, intf=2, path="1-1.4", alt=0, ...
version=$(echo "$list" | sed -n 's/^Found Runtime: .* ver=\([0-9a-fA-F]\{4\}\),.*/\1/p' | sort -u)
case $version in
  ????) echo "$version" | sed -E 's/^0?(.+)(..)$/\1.\2/' ;;
  "")
    if echo "$list" | grep -q '^Found DFU:'; then
      echo "the device $DEVICE waits in its DFU mode and runs no firmware" >&2
    else
      echo "there is no device $DEVICE on USB" >&2
    fi
    exit 1
    ;;
  *)
    echo "several devices $DEVICE run several versions" >&2
    exit 1
    ;;
esac

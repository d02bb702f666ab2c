#!/bin/sh
# Prints the version of the bundle in the slot that is booted, as RAUC itself keeps it.
set -eu

if ! state=$(rauc status --detailed --output-format=shell 2>&1); then
  echo "RAUC's service does not answer: $(echo "$state" | grep . | tail -n 1)" >&2
  exit 1
fi
# RAUC_SLOT_STATE_2='booted' and RAUC_SLOT_STATUS_BUNDLE_VERSION_2='1.0'
slot=$(echo "$state" | sed -n "s/^RAUC_SLOT_STATE_\([0-9]*\)='booted'$/\1/p" | head -n 1)
if [ -z "$slot" ]; then
  echo "RAUC does not know which slot is booted" >&2
  exit 1
fi
version=$(echo "$state" | sed -n "s/^RAUC_SLOT_STATUS_BUNDLE_VERSION_$slot='\(.*\)'$/\1/p")
echo "${version:-factory}" # a slot that was never written by RAUC

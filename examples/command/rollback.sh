#!/bin/sh
# Lets a "device" (see flash.sh) run again what it ran before a failed installation.
#
#   rollback.sh DEVICE
#
# Called after every failed or unconfirmed installation, also one that never reached the device: it
# swaps the slots back only if this very operation swapped them.
set -eu

device=$1

active=$(cat "$device/active" 2>/dev/null || true)
if [ "$(cat "$device/slot-$active/operation" 2>/dev/null || true)" != "$OPERATION_ID" ]; then
  echo "the device still runs its old firmware; nothing to restore"
  exit 0
fi

if [ "$active" = a ]; then old=b; else old=a; fi
if [ ! -e "$device/slot-$old/version" ]; then
  echo "there is no older firmware on $device to go back to" >&2
  exit 1
fi
echo "step attach"
echo "$old" >"$device/active.new"
mv "$device/active.new" "$device/active"
sync
echo "slot $old runs again"

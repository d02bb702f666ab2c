#!/bin/sh
# Installs a firmware image on a "device", which here is a directory with two slots, as many real
# devices have them: the image goes into the slot that is not running, then the slots are swapped.
#
#   flash.sh DEVICE IMAGE VERSION
#
#   DEVICE/active            name of the slot the device runs: a or b
#   DEVICE/slot-a/image      the firmware in slot a
#   DEVICE/slot-a/version    its version
#   DEVICE/slot-a/operation  the operation that installed it
#   DEVICE/busy              while this file exists the device must not be touched
#
# The connector also sets FIRMWARE_SHA256 and OPERATION_ID, among others.
# Replace the parts that copy files with the tools your device needs; keep the rest.
set -eu

device=$1
image=$2
version=$3

# The last line on standard error becomes the reason of the failed operation.
fail() {
  echo "$1" >&2
  exit 1
}

echo "step prepare"
[ -d "$device" ] || fail "there is no device at $device; connect it"

# 75 says: not now, and nothing was changed. The connector tries again later.
if [ -e "$device/busy" ]; then
  echo "the device at $device is in use" >&2
  exit 75
fi

active=$(cat "$device/active" 2>/dev/null || echo b)
if [ "$active" = a ]; then spare=b; else spare=a; fi

# An installation may be repeated after a power cut. If this very operation has swapped the slots
# already there is nothing left to do, and the old firmware in the spare slot must survive.
if [ "$(cat "$device/slot-$active/operation" 2>/dev/null || true)" = "$OPERATION_ID" ]; then
  echo "slot $active was installed by this operation already"
  exit 0
fi

# When the time is up or the connector stops, this program gets TERM, and KILL 10 seconds later.
# The running slot has not been touched by then, so there is nothing to repair.
trap 'echo "stopped; slot $active keeps running" >&2; exit 143' TERM INT

echo "step write"
slot=$device/slot-$spare
rm -rf "$slot"
mkdir "$slot"
size=$(wc -c <"$image")
blocks=$(((size + 1048575) / 1048576))
block=0
while [ "$block" -lt "$blocks" ]; do
  dd if="$image" of="$slot/image" bs=1048576 count=1 skip="$block" seek="$block" \
    conv=notrunc 2>/dev/null || fail "cannot write to $slot; see whether it is full"
  block=$((block + 1))
  echo "progress $((block * 100 / blocks))"
done
: >>"$slot/image" # an empty image is a file too
printf '%s\n' "$version" >"$slot/version"
printf '%s\n' "$OPERATION_ID" >"$slot/operation"

# Believe what was read back, not what was written.
[ "$(sha256sum <"$slot/image" | cut -c1-64)" = "$FIRMWARE_SHA256" ] ||
  fail "slot $spare did not keep what was written to it; its memory may be worn out"
sync

# One rename: at every moment the device has either the old firmware or the new one. What takes an
# instant need not be stopped any more.
trap '' TERM INT
echo "step attach"
echo "$spare" >"$device/active.new"
mv "$device/active.new" "$device/active"
sync
echo "slot $spare runs now"

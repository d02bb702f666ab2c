#!/bin/sh
# Reads the application descriptor (esp_app_desc_t) from the flash of an ESP32 and prints its
# version. The device restarts for that.
set -eu

tmp=$(mktemp -d)
trap 'trap "" TERM INT; rm -rf "$tmp"' EXIT # what ends this script would end rm too
trap 'exit 143' TERM INT

# shellcheck disable=SC2086 # OPTIONS are several words
if ! $ESPTOOL --chip "$CHIP" --port "$PORT" --baud "$BAUD" $OPTIONS \
  read_flash "$ADDRESS" 0x100 "$tmp/head" >"$tmp/log" 2>&1; then
  tail -n 3 "$tmp/log" >&2
  echo "the flash of the device at $PORT cannot be read; see whether it is plugged in" >&2
  exit 1
fi
if [ "$(od -An -tx1 -j32 -N4 "$tmp/head" | tr -d ' ')" = 3254cdab ]; then
  dd if="$tmp/head" bs=1 skip=48 count=32 2>/dev/null | tr '\000' '\n' | head -n 1
else
  echo "none" # empty, or cut off in the first block
fi

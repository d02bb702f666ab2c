#!/bin/sh
# Reads the flash of an AVR and prints the version that stands in it behind MARK, as the firmware
# itself brought it. An Arduino-like device restarts for that.
set -eu

tmp=$(mktemp -d)
trap 'trap "" TERM INT; rm -rf "$tmp"' EXIT # what ends this script would end rm too
trap 'exit 143' TERM INT

set -- -qq -c "$PROGRAMMER" -p "$PART" -P "$PORT" -U "flash:r:$tmp/flash:r"
[ -z "$BAUD" ] || set -- -b "$BAUD" "$@"
if ! avrdude "$@" >"$tmp/log" 2>&1; then
  cat "$tmp/log" >&2
  echo "the flash of the device at $PORT cannot be read; see whether it is plugged in" >&2
  exit 1
fi
version=$(LC_ALL=C tr -c '[:print:]' '\n' <"$tmp/flash" | sed -n "s/^.*$MARK//p" | head -n 1)
# Without one the flash is empty, cut off, or holds a firmware that was not built for this.
echo "${version:-none}"

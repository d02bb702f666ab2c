#!/bin/sh
# Reads the flash of an STM32 by its ROM boot loader, prints the version that stands in it behind
# MARK, as the firmware itself brought it, and starts the firmware again.
set -eu

tmp=$(mktemp -d)
trap 'trap "" TERM INT; rm -rf "$tmp"' EXIT # what ends this script would end rm too
trap 'exit 143' TERM INT

if ! stm32flash -b "$BAUD" -m "$MODE" -i "$ENTRY:$EXIT" -S "$ADDRESS:$LENGTH" -r "$tmp/flash" \
  -g "$ADDRESS" "$PORT" >"$tmp/log" 2>&1; then
  tr '\r' '\n' <"$tmp/log" | tail -n 5 >&2
  echo "the flash of the device at $PORT cannot be read; see whether it is plugged in" >&2
  exit 1
fi
version=$(LC_ALL=C tr -c '[:print:]' '\n' <"$tmp/flash" | sed -n "s/^.*$MARK//p" | head -n 1)
echo "${version:-none}"

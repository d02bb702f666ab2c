#!/bin/sh
# Reads the flash by a debug probe and prints the version that stands in it behind MARK, as the
# firmware itself brought it. The chip is halted for that moment, and goes on where it was.
set -eu

tmp=$(mktemp -d)
trap 'trap "" TERM INT; rm -rf "$tmp"' EXIT # what ends this script would end rm too
trap 'exit 143' TERM INT

for file in $CONFIG; do set -- "$@" -f "$file"; done
if ! openocd "$@" -c 'gdb_port disabled; tcl_port disabled; telnet_port disabled' \
  -c "init; halt; dump_image $tmp/flash $ADDRESS $LENGTH; resume; exit" >"$tmp/log" 2>&1; then
  grep rror "$tmp/log" >&2 || true
  echo "the flash cannot be read; see whether probe and chip are connected and powered" >&2
  exit 1
fi
version=$(LC_ALL=C tr -c '[:print:]' '\n' <"$tmp/flash" | sed -n "s/^.*$MARK//p" | head -n 1)
echo "${version:-none}"

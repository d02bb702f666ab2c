#!/bin/sh
# Writes an image by a debug probe with openocd, compares it, and starts it.
#
#   flash.sh IMAGE VERSION
#
# CONFIG, ADDRESS and MARK are set in connector.toml.
set -eu

image=$1
version=$2

fail() {
  echo "$1" >&2
  exit 1
}

# 75: nothing was touched; the connector tries again later.
busy() {
  echo "$1" >&2
  exit 75
}

tmp=$(mktemp -d)
trap 'trap "" TERM INT; rm -rf "$tmp"' EXIT # what ends this script would end rm too
trap 'exit 143' TERM INT # openocd gets the connector's TERM too

# openocd on the files of CONFIG, then with these commands.
probe() {
  commands=$1
  set --
  for file in $CONFIG; do set -- "$@" -f "$file"; done
  # No ports: two probes on one gateway would want the same.
  openocd "$@" -c 'gdb_port disabled; tcl_port disabled; telnet_port disabled' -c "$commands" 2>&1
}
last() { grep -E '^Error|^\*\*|rror:' "$tmp/log" | tail -n 1; }

echo "step prepare"
inside=$(LC_ALL=C tr -c '[:print:]' '\n' <"$image" | sed -n "s/^.*$MARK//p" | head -n 1)
[ "$inside" = "$version" ] ||
  fail "the image says it is version '$inside', not $version: request the right one, or see MARK"
# A name that Tcl cannot misread.
ln -s "$image" "$tmp/image"
probe 'init; exit' >"$tmp/log" || busy "openocd finds no probe, or no chip at it: $(last)"

echo "step write"
if ! probe "init; reset init; flash write_image erase $tmp/image $ADDRESS bin;
    verify_image $tmp/image $ADDRESS bin; reset run; exit" >"$tmp/log"; then
  cat "$tmp/log"
  fail "openocd did not write the whole image, and the chip may run nothing until it does: $(last)"
fi
cat "$tmp/log"
echo "progress 100"

#!/bin/sh
# Writes an image into the flash of an AVR with avrdude, which reads it back and compares it.
#
#   flash.sh IMAGE VERSION
#
# PORT, PROGRAMMER, PART, BAUD, FORMAT, SIZE and MARK are set in connector.toml.
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
trap 'exit 143' TERM INT # avrdude gets the connector's TERM too

programmer() {
  set -- -c "$PROGRAMMER" -p "$PART" -P "$PORT" "$@"
  [ -z "$BAUD" ] || set -- -b "$BAUD" "$@"
  avrdude "$@" 2>&1
}
last() { grep -E 'error|warning' "$tmp/log" | tail -n 1; }

echo "step prepare"
[ -r "$image" ] || fail "cannot read $image"
# Only raw images can be searched and measured: one that says another version would never be
# confirmed, and avrdude cuts off what is too long without a word.
if [ "$FORMAT" = r ]; then
  bytes=$(wc -c <"$image")
  [ "$bytes" -le "$SIZE" ] || fail "the image has $bytes bytes, the device takes $SIZE"
  inside=$(LC_ALL=C tr -c '[:print:]' '\n' <"$image" | sed -n "s/^.*$MARK//p" | head -n 1)
  [ "$inside" = "$version" ] ||
    fail "the image says it is version '$inside', not $version: request the right one, or see MARK"
fi
case $PORT in
  /*) [ -e "$PORT" ] || busy "there is no $PORT: plug the cable in" ;;
esac
# Reads the signature only, and restarts the device.
programmer -qq >"$tmp/log" || busy "the device at $PORT does not answer: $(last)"

echo "step write"
if ! programmer -U "flash:w:$image:$FORMAT" >"$tmp/log"; then
  cat "$tmp/log"
  fail "avrdude did not write the whole image, and the device runs nothing until it does: $(last)"
fi
cat "$tmp/log"
echo "progress 100"

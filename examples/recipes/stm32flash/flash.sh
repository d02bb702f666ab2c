#!/bin/sh
# Writes an image into an STM32 by its ROM boot loader (AN3155), compares it, and starts it.
#
#   flash.sh IMAGE VERSION
#
# PORT, BAUD, MODE, ADDRESS, ENTRY, EXIT and MARK are set in connector.toml.
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
trap 'exit 143' TERM INT # stm32flash gets the connector's TERM too

# Its output with marks of progress instead of percentages; the exit status is its own.
loader() {
  {
    status=0
    stm32flash -b "$BAUD" -m "$MODE" -i "$ENTRY:$EXIT" "$@" "$PORT" 2>&1 || status=$?
    echo "$status" >"$tmp/status"
  } | stdbuf -oL tr '\r' '\n' |
    sed -u -E 's/^.*\(([0-9]{1,3})\.[0-9]+%\).*$/progress \1/; s/^([A-Za-z]+ flash|\s*)$//' |
    tee "$tmp/log"
  return "$(cat "$tmp/status")"
}
last() { grep -i -E 'fail|error|cannot|timeout|got|unexpected' "$tmp/log" | tail -n 1; }

echo "step prepare"
inside=$(LC_ALL=C tr -c '[:print:]' '\n' <"$image" | sed -n "s/^.*$MARK//p" | head -n 1)
[ "$inside" = "$version" ] ||
  fail "the image says it is version '$inside', not $version: request the right one, or see MARK"
[ -e "$PORT" ] || busy "there is no $PORT: plug the cable in"
# Asks for the chip's id only.
loader >/dev/null || busy "the boot loader at $PORT does not answer, is BOOT0 set? $(last)"

echo "step write"
# -n: tries a block again; -v: reads back what was written; -g: starts it.
loader -f -n 10 -v -S "$ADDRESS" -w "$image" -g "$ADDRESS" ||
  fail "the image was not written as a whole, and the device stays in its boot loader: $(last)"

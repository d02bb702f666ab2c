#!/bin/sh
# Installs a bundle with RAUC's service into the slot that is not running, and has it booted next.
#
#   flash.sh BUNDLE VERSION
#
# REBOOT is set in connector.toml.
set -eu

bundle=$1
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
trap 'exit 143' TERM INT # "rauc install" gets the connector's TERM too; RAUC's service goes on

echo "step prepare"
rauc status --output-format=shell >"$tmp/state" 2>"$tmp/log" ||
  busy "RAUC's service does not answer: $(grep . "$tmp/log" | tail -n 1)"
operation=$(busctl get-property de.pengutronix.rauc / de.pengutronix.rauc.Installer Operation 2>/dev/null || true)
case $operation in
  *installing*) busy "RAUC is installing another bundle" ;;
esac

echo "step write"
{
  status=0
  rauc install "$bundle" 2>&1 || status=$?
  echo "$status" >"$tmp/status"
} | sed -u -E 's/^ *([0-9]{1,3})% .*$/progress \1/' | tee "$tmp/log"
if [ "$(cat "$tmp/status")" != 0 ]; then
  grep -q -i 'already processing' "$tmp/log" && busy "RAUC is installing another bundle"
  fail "$(grep '^LastError' "$tmp/log" | tail -n 1 || true) (the running slot was not touched)"
fi

echo "step attach"
# What was installed stands in the slot that will be booted next.
echo "installed; version $version runs once the other slot was booted"
# shellcheck disable=SC2086 # REBOOT is a command and its arguments
[ -z "$REBOOT" ] || $REBOOT || fail "the bundle is installed, but the machine could not be rebooted"

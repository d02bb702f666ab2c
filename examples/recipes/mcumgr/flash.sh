#!/bin/sh
# Updates a device with MCUboot by the Simple Management Protocol (SMP, that of mcumgr): uploads the
# image into the second slot, has it booted for a trial, and confirms it when it answers.
#
#   flash.sh IMAGE VERSION
#
# SMPMGR, DEVICE and TRIES are set in connector.toml.
set -eu

image=$1
version=$2

fail() {
  echo "$1" >&2
  exit 1
}

# 75: nothing was touched; the connector asked again later.
busy() {
  echo "$1" >&2
  exit 75
}

tmp=$(mktemp -d)
trap 'trap "" TERM INT; rm -rf "$tmp"' EXIT # what ends this script would end rm too
trap 'exit 143' TERM INT # smpmgr gets the connector's TERM too

# Its lines would be cut at the width of a terminal. It ends with 0 where the device says no, so
# whatever was asked for is looked at afterwards.
smp() {
  # shellcheck disable=SC2086 # SMPMGR and DEVICE are several words
  COLUMNS=500 $SMPMGR $DEVICE "$@" 2>&1
}
# Writes each slot as "ImageState(slot=0, version='1.0.0', ... confirmed=True, active=True, ...)".
slots() { smp image state-read >"$tmp/slots"; }
# field SLOT NAME, where SLOT is a pattern for the slot's line
field() { sed -n "/^ImageState($1/s/.*[ (]$2=\(HashBytes(\)\{0,1\}'\{0,1\}\([^',)]*\).*/\2/p" "$tmp/slots" | head -n 1; }
last() { grep -i 'error' "$1" | tail -n 1; }

echo "step prepare"
# MCUboot's header: a magic number, then the version at byte 20.
[ "$(od -An -tx1 -N4 "$image" | tr -d ' ')" = 3db8f396 ] ||
  fail "the image is none of MCUboot's; send the one that was signed by imgtool"
inside=$(od -An -tu1 -j20 -N8 "$image" | awk '{
  build = $5 + 256 * ($6 + 256 * ($7 + 256 * $8))
  print $1 "." $2 "." $3 + 256 * $4 (build ? "." build : "") }')
[ "$inside" = "$version" ] || fail "the image says it is version '$inside', not $version"
slots || busy "the device does not answer: $(last "$tmp/slots")"

# Repeated after a power cut: it may be on trial already, and must not be sent again over the old.
if [ "$(field '.*active=True' version)" != "$version" ]; then
  echo "step write"
  smp image upload "$image" >"$tmp/log" ||
    fail "the image was not sent as a whole; the device goes on with its old one: $(last "$tmp/log")"
  slots || fail "the device does not answer after the upload: $(last "$tmp/slots")"
  [ "$(field 'slot=1' version)" = "$version" ] || fail "the device did not keep the image in its second slot"
  hash=$(field 'slot=1' hash)

  echo "step attach"
  smp image state-write "$hash" false >"$tmp/log" || fail "the image was not taken for a trial: $(last "$tmp/log")"
  slots || fail "the device does not answer: $(last "$tmp/slots")"
  [ "$(field 'slot=1' pending)" = True ] || fail "the device will not boot the image; is its signature right?"
  # The answer may be lost in the reset.
  smp os reset >"$tmp/log" || true
fi

# The trial: it answers with the new version, or MCUboot goes back at the next reset.
asked=0
until slots && [ "$(field '.*active=True' version)" = "$version" ]; do
  asked=$((asked + 1))
  [ "$asked" -lt "$TRIES" ] ||
    fail "the device does not run the new image, but '$(field '.*active=True' version)'; MCUboot keeps or restores the old one"
  sleep 2
done
smp image state-write "$(field '.*active=True' hash)" true >"$tmp/log" || true
slots || true
[ "$(field '.*active=True' confirmed)" = True ] ||
  fail "the new image runs, but could not be confirmed; MCUboot goes back at the next reset"

#!/bin/sh
# An update module (Mender's protocol v3) for a "device", which here is a directory: the firmware is
# its file "firmware", beside it lies its "version". The connector calls it once for each state:
#
#   module.sh STATE TREE
#
#   TREE/files/firmware.bin   the image
#   TREE/tmp/                 for this module; it is there until Cleanup, also after a power cut
#
# and sets CHILD_ID, FIRMWARE_NAME and FIRMWARE_VERSION, among others. DEVICE is from connector.toml.
# Replace the parts that copy files with the tools your device needs; keep the states. A state may
# be called a second time, after a power cut for example.
set -eu

state=$1
tree=$2
device=${DEVICE:?is not set in [child.module.environment]}

# The last line on standard error becomes the reason of the failed operation.
fail() {
  echo "$1" >&2
  exit 1
}

case $state in
  SupportsRollback)
    echo Yes
    ;;

  NeedsArtifactReboot)
    # "Yes" would have ArtifactReboot and ArtifactVerifyReboot called.
    echo No
    ;;

  Download)
    # Nothing is done with stream-next, so the image will be in files/.
    [ -d "$device" ] || fail "there is no device at $device; connect it"
    ;;

  ArtifactInstall)
    # What is kept once must not be kept again over it, when the old firmware is gone already.
    if [ ! -e "$tree/tmp/kept" ]; then
      rm -rf "$tree/tmp/old"
      mkdir "$tree/tmp/old"
      for part in firmware version; do
        [ ! -e "$device/$part" ] || cp "$device/$part" "$tree/tmp/old/$part"
      done
      : >"$tree/tmp/kept"
    fi
    cp "$tree/files/firmware.bin" "$device/firmware" || fail "the image could not be written"
    printf '%s\n' "$FIRMWARE_VERSION" >"$device/version"
    ;;

  ArtifactRollback)
    # Called after any failure from ArtifactInstall on, also where nothing was changed yet.
    [ -e "$tree/tmp/kept" ] || exit 0
    for part in firmware version; do
      if [ -e "$tree/tmp/old/$part" ]; then
        cp "$tree/tmp/old/$part" "$device/$part"
      else
        rm -f "$device/$part"
      fi
    done
    ;;
esac

# Whatever this module does not know is nothing to it.
exit 0

#!/bin/sh
# Prints the version of a component from the file that belongs to the running root file system. It
# has to be a part of the image: written when that is built, not when it is installed.
set -eu

# SWUpdate's own form: a line with name and version for each component.
version=$(awk -v name="$COMPONENT" '$1 == name { print $2; exit }' "$VERSIONS")
if [ -z "$version" ]; then
  echo "there is no component $COMPONENT in $VERSIONS" >&2
  exit 1
fi
echo "$version"

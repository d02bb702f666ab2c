#!/bin/sh
# Collects what is needed to find out why tedge-child-connector does not do its work, for
# "tedge diag collect", which calls:
#
#   50_tedge-child-connector.sh collect --output-dir DIR --config-dir DIR
#
# Exits with 0 when it is done, with 2 where the connector is not installed, and with 1 when it was
# called wrongly. A part that fails says so on standard error and does not stop the others.
#
# No secret of the configuration is written: connector.toml and conf.d are as "check-config
# --support" shows them. Files with passwords and keys are not read. What the programs of an adapter
# printed is in journal.log and status.json as it is.
set -u
umask 027
LC_ALL=C
export LC_ALL

service=tedge-child-connector
# Tests set a directory that stands for /.
root=${CONNECTOR_DIAG_ROOT:-}
etc=$root/etc/tedge-child-connector
limit=7

misuse() {
  echo "$1" >&2
  echo "Usage: $0 collect --output-dir DIR [--config-dir DIR]" >&2
  exit 1
}

command=''
output=''
while [ $# -gt 0 ]; do
  case $1 in
    collect) command=$1 ;;
    --output-dir | --config-dir)
      [ $# -ge 2 ] || misuse "$1 needs a directory"
      [ "$1" = --config-dir ] || output=$2
      shift
      ;;
    *) misuse "Unknown argument: $1" ;;
  esac
  shift
done
[ "$command" = collect ] || misuse 'No command: collect is the only one'

if ! command -v "$service" >/dev/null 2>&1; then
  echo "$service is not installed" >&2
  exit 2
fi
[ -n "$output" ] || misuse '--output-dir is missing'
if [ ! -d "$output" ] || [ ! -w "$output" ]; then
  misuse "Not a directory that can be written to: $output"
fi
case $output in
  /*) ;;
  *) output=$PWD/$output ;;
esac

# Runs a command that might hang, and says when it fails.
run() {
  if command -v timeout >/dev/null 2>&1; then
    timeout -k 1 "$limit" "$@" </dev/null
  else
    "$@" </dev/null
  fi
  code=$?
  [ $code -eq 0 ] || echo "'$*' ended with $code" >&2
  return $code
}

# By the Java that the service runs with.
versions() {
  run env JAVA_OPTS=-showversion "$service" --version 2>&1
  uname -srm
  sed -n 's/^PRETTY_NAME=//p' /etc/os-release
}

# The program itself writes its files, what they come to, and what is wrong with them, without what
# may be secret. Where it cannot run, nobody can tell a secret from the rest, and only the names of
# the files are shown. What "status" has to say where it fails is not for strangers.
configuration() {
  mkdir -p "$output/etc"
  ls -lAqR "$etc" >"$output/etc/files.txt"
  [ -r "$etc/connector.toml" ] || echo "$etc/connector.toml cannot be read" >&2
  run "$service" check-config --support "$output" --config "$etc/connector.toml" \
    2>"$output/problems.txt" >/dev/null
  run "$service" status --all --json --config "$etc/connector.toml" \
    2>/dev/null >"$output/status.json" ||
    echo "'$service status' ended with $?; run it to see why" >>"$output/problems.txt"
}

# Which variables the service is given; values only where they cannot be secret.
surroundings() {
  [ -f "$root/etc/default/$service" ] || return 0
  sed -nE \
    -e '/^(export )?(TEDGE_CHILD_CONNECTOR_LOG|TEDGE_CONFIG_DIR|JAVA_HOME|LC_ALL)=[A-Za-z0-9/._-]*$/{p;d;}' \
    -e '/^(export )?JAVA_OPTS="?(-X[A-Za-z0-9:+=._-]+ *)*"?$/{p;d;}' \
    -e 's/^((export )?[A-Za-z_][A-Za-z0-9_]*=).*/\1********/p' \
    "$root/etc/default/$service"
}

# The arguments of running programs may be secret.
service_status() {
  run systemctl status --no-pager --full --lines=0 "$service" | awk '
    /^ *CGroup:/ { tree = 1; print; next }
    tree && match($0, /[0-9]+ [^ ]+/) { print substr($0, 1, RSTART + RLENGTH - 1); next }
    { print }'
}

service_properties() {
  run systemctl show --no-pager "$service" |
    sed -E 's/^(Environment|SetCredential|SetCredentialEncrypted)=.+/\1=********/'
}

state() {
  state=''
  [ ! -f "$output/effective.toml" ] ||
    state=$(sed -n 's/^directory = "\(.*\)".*/\1/p' "$output/effective.toml" | head -n 1)
  state=$root${state:-/var/lib/tedge-child-connector}
  run df -P "$state" /tmp >"$output/disk.txt"
  # shellcheck disable=SC2012 # for people, and -q makes every name harmless
  ls -lAqR "$state" | head -n 3000 >"$output/state.txt"
}

cd / || exit 1
versions >"$output/versions.txt"
configuration
surroundings >"$output/etc/default.txt"
state
service_status >"$output/service.txt"
service_properties >"$output/service-properties.txt"
run journalctl --unit "$service" --since '7 days ago' --lines 5000 --no-pager --output short-iso |
  tail -c 1048576 >"$output/journal.log"
echo "Collected in $output; journal.log and status.json quote the programs of the adapters"
exit 0

#!/usr/bin/env bash
# Writes packaging/classes-VERSION.list anew for each Java: the classes the daemon loads until it
# serves, with which the package makes its class-data archive on each gateway. A Java takes the list
# of the newest version that is not newer than it is; names that are missing there are ignored. Run
# it after larger changes. Needs mosquitto and packaging/build-deb.sh, for the jars as they are packed.
#
#   packaging/class-list.sh [JAVA_HOME...]
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin
jar=target/deb/tedge-child-connector/usr/share/tedge-child-connector/tedge-child-connector.jar
[ -f "$jar" ] || {
  echo "class-list.sh: run packaging/build-deb.sh first" >&2
  exit 1
}

scratch=$(mktemp -d)
broker='' daemon=''
clean_up() {
  for pid in $daemon $broker; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$scratch"
}
trap clean_up EXIT

port=$((20000 + RANDOM % 10000))
printf 'listener %d 127.0.0.1\nallow_anonymous true\nuser %s\n' $port "$(id -un)" >"$scratch/mosquitto.conf"
mosquitto -c "$scratch/mosquitto.conf" 2>"$scratch/mosquitto.log" &
broker=$!
: >"$scratch/tedge.toml"
cat >"$scratch/connector.toml" <<END
[mqtt]
port = $port
[thin_edge]
config_dir = "$scratch"
[storage]
directory = "$scratch/state"
[[child]]
id = "plc"
adapter = "command"
[child.command]
install = ["/bin/true"]
read_version = ["/bin/echo", "1"]
END

[ $# -gt 0 ] || set -- "$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")"
for home; do
  rm -rf "$scratch/state"
  # Lines for the journal, as the service writes them.
  JOURNAL_STREAM=0:0 "$home/bin/java" -XX:+UseSerialGC -XX:DumpLoadedClassList="$scratch/list" \
    -jar "$jar" run --config "$scratch/connector.toml" 2>"$scratch/log" &
  daemon=$!
  for _ in $(seq 300); do
    ! grep -q "Serving 1 child" "$scratch/log" || break
    sleep 0.1
  done
  grep -q "Serving 1 child" "$scratch/log"
  kill $daemon
  wait $daemon || true
  daemon=
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
  # Generated names differ from run to run; what has a source is not on the class path.
  grep -vE '^#|0x| source: ' "$scratch/list" | sed 's/ id: .*//' >"packaging/classes-$version.list"
  wc -l "packaging/classes-$version.list"
done

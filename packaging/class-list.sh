#!/usr/bin/env bash
# Writes packaging/classes.list anew: the classes the daemon loads until it serves, with which the
# package makes its class-data archive on each gateway. Run it after larger changes, on each Java the
# package is for; names that are missing there are ignored. Needs mosquitto and the built jar.
#
#   packaging/class-list.sh [JAVA_HOME...]
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin
[ -f target/tedge-child-connector.jar ] || {
  echo "class-list.sh: run mvn -B package -DskipTests first" >&2
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
  # A class list holds only what the archive of the JDK or the class path can give again.
  "$home/bin/java" -XX:+UseSerialGC -Xshare:off -XX:DumpLoadedClassList="$scratch/list" \
    -jar target/tedge-child-connector.jar run --config "$scratch/connector.toml" 2>"$scratch/log" &
  daemon=$!
  for _ in $(seq 300); do
    ! grep -q "Serving 1 child" "$scratch/log" || break
    sleep 0.1
  done
  grep -q "Serving 1 child" "$scratch/log"
  kill $daemon
  wait $daemon || true
  daemon=
  grep -v '^#' "$scratch/list" | grep -v ' source: ' >>"$scratch/all"
done
# Generated names differ from run to run.
# shellcheck disable=SC2016 # not for the shell
grep -vE '0x|\$\$Lambda|LambdaForm\$|\$Proxy|^@(lambda-form|cp)' "$scratch/all" | sed 's/ id: .*//' |
  LC_ALL=C sort -u >packaging/classes.list
wc -l packaging/classes.list

#!/bin/bash
# Compares what the daemon asks of a gateway (time, memory, wake-ups) with two others in the same
# run: a simple Python agent that does the same work for one child, and the lean floor, a JVM that
# holds one MQTT subscription and does nothing else. The daemon is what the packages hold, started by
# their launcher with the class-data archive that their installation makes; the lean floor has the
# same flags and an archive of its own. Needs packaging/build-deb.sh, once more with --bundled for
# the bundled runtime.
#
#   RUNS     rounds, default 7                     DIR    scratch disk, default /var/tmp
#   SMOKE    1: one short round with small images, goals not judged
#   PAHO     the MQTT client of the lean floor, by default as its authors published it: signed, so
#            that no Java archives its classes. The packages hold it without the signature.
#
# Exits with 1 where a goal is missed. Listens on 127.0.0.1 only and leaves nothing behind but
# Debian packages that it had to install.
set -euo pipefail
export LC_ALL=C.UTF-8

root=$(cd "$(dirname "$0")/../.." && pwd)
smoke=${SMOKE:-0}
# Seconds until a daemon is at rest, seconds that are counted then, MiB of the images.
if [ "$smoke" = 1 ]; then
  runs=${RUNS:-1} settle=2 idle=3 small=1 large=16 huge=32
else
  runs=${RUNS:-7} settle=30 idle=60 small=16 large=512 huge=2048
fi
many=20
packages=$root/target/deb

fail() { echo "footprint.sh: $*" >&2; exit 1; }

# install PACKAGE: succeeds if we may and it could be had
install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$1"; } >/dev/null 2>&1
}

# need PACKAGE COMMAND…: the command succeeds, if need be after installing the package
need() {
  "${@:2}" >/dev/null 2>&1 || { install "$1" && "${@:2}" >/dev/null 2>&1; } || fail "install the package $1"
}

# java_home VERSION: of the JVM of that version, nothing if there is none
java_home() {
  local home
  for home in /usr/lib/jvm/*"$1"*; do
    if [ -x "$home/bin/java" ]; then echo "$home" && return; fi
  done
}

PATH=$PATH:/usr/sbin
[ -d "$packages/tedge-child-connector" ] || fail "target/deb is missing; run packaging/build-deb.sh"
need mosquitto command -v mosquitto
need mosquitto-clients command -v mosquitto_pub
need nginx-light command -v nginx
need curl command -v curl
need perl-base perl -MTime::HiRes -e1
# Debian's own, whatever other there is.
python=/usr/bin/python3
need python3-paho-mqtt $python -c 'import paho.mqtt.client'
need python3-requests $python -c 'import requests'

work=$(mktemp -d "${DIR:-/var/tmp}/footprint-bench.XXXXXX")
declare -A running
clean_up() {
  for pid in "${!running[@]}" ${watcher:-} ${nginx:-} ${broker:-} ${reader:-}; do
    kill "$pid" 2>/dev/null || continue
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# stage JVM PACKAGE [JAVA_HOME]: lays out the package's files where its scripts then look for them,
# with this Java if it brings none, and makes its class-data archive as its installation does
stage() {
  local tree=$work/package-$1
  cp -r "$packages/$2" "$tree"
  find "$tree/usr" -type f \( -path '*/bin/tedge*' -o -name find-java -o -name update-archive \) -exec \
    sed -i "s#/\(usr/share\|usr/lib\|var/cache\|etc/default\)/tedge-child-connector#$tree&#g" {} +
  [ $# -lt 3 ] || echo "JAVA_HOME=$3" >>"$tree/etc/default/tedge-child-connector"
  "$tree/usr/share/tedge-child-connector/update-archive" || fail "no class-data archive for Java $1"
  java[$1]=${3:-$tree/usr/lib/tedge-child-connector/jre}/bin/java
}
declare -A java
for version in 17 25; do
  home=$(java_home $version)
  [ -z "$home" ] || stage $version tedge-child-connector "$home"
done
[ ! -d "$packages/tedge-child-connector-bundled" ] || stage bundled tedge-child-connector-bundled
[ ${#java[@]} -gt 0 ] || fail "there is no Java below /usr/lib/jvm; install openjdk-17-jdk-headless"
mapfile -t jvms < <(printf '%s\n' "${!java[@]}" | sort)
mkdir "$work/served" "$work/classes" "$work/measured"

free_port() {
  port=$((20000 + RANDOM % 10000))
  while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
}

# The broker's log has whole seconds: what reads it adds the moment, and tells who is subscribed.
mkfifo "$work/broker.log" "$work/subacks" "$work/statuses"
exec {subacks}<>"$work/subacks" {statuses}<>"$work/statuses"
perl -MTime::HiRes=time -ne '$| = 1; printf "%.6f %s\n", time, $1 if /Sending SUBACK to (\S+)/' \
  <"$work/broker.log" >"$work/subacks" &
reader=$!
free_port
mqtt=$port
cat >"$work/mosquitto.conf" <<CONF
listener $mqtt 127.0.0.1
allow_anonymous true
user $(id -un)
log_dest stderr
log_type debug
CONF
mosquitto -c "$work/mosquitto.conf" 2>"$work/broker.log" &
broker=$!

free_port
http=$port
cat >"$work/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $work/nginx.pid; error_log $work/nginx.log;
$([ "$(id -u)" = 0 ] && echo "user root;")
events {}
http {
  access_log off; sendfile on;
  client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3;
  uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
  server { listen 127.0.0.1:$http; root $work/served; }
}
CONF
nginx -p "$work" -c "$work/nginx.conf" 2>/dev/null &
nginx=$!

declare -A digest
for size in $small $large $huge; do
  truncate -s "${size}M" "$work/served/$size"
  digest[$size]=$(sha256sum "$work/served/$size" | cut -d' ' -f1)
done
until (: <"/dev/tcp/127.0.0.1/$mqtt") 2>/dev/null; do
  kill -0 "$broker" 2>/dev/null || fail "mosquitto does not start"
  sleep 0.1
done
curl -sfI --retry 90 --retry-connrefused --retry-delay 1 "http://127.0.0.1:$http/$small" >/dev/null || fail "nginx does not serve"
mosquitto_sub -p "$mqtt" -i watcher -q 1 -t 'tedge/+/commands/res/firmware_update' >"$work/statuses" &
watcher=$!
read -r -t 90 -u "$subacks" _ || fail "mosquitto_sub does not subscribe"

paho=${PAHO:-$(find "$root/target/lib" -name 'org.eclipse.paho.mqttv5.client-*.jar')}
javac --release 17 -d "$work/classes" -cp "$paho" "$root/src/bench/java/LeanFloor.java"
jar --create --file "$work/lean.jar" -C "$work/classes" .
# The launcher of the package, but for what it starts.
for jvm in "${jvms[@]}"; do
  bin=$work/package-$jvm/usr/bin
  sed "s#^set -- -jar .*#set -- -cp '$work/lean.jar:$paho' LeanFloor \"\$@\"#; s#^archive=.*#archive=$work/lean-$jvm.jsa#" \
    "$bin/tedge-child-connector" >"$bin/lean-floor"
  grep -q LeanFloor "$bin/lean-floor" || fail "the launcher is not as expected"
  chmod +x "$bin/lean-floor"
done

# write_config DIRECTORY NAME CHILDREN
write_config() {
  : >"$1/tedge.toml"
  cat <<CONF
[mqtt]
host = "127.0.0.1"
port = $mqtt
client_id = "$2"
[thin_edge]
config_dir = "$1"
[storage]
directory = "$1/state"
[download]
max_size = "4GiB"
min_free = "1MiB"
CONF
  for ((i = 1; i <= $3; i++)); do
    printf '[[child]]\nid = "%s-%d"\nadapter = "command"\n[child.command]\ninstall = ["/bin/true"]\n' "$2" "$i"
  done
}

number=0
# begin WAY CHILDREN: starts it and waits until it is subscribed; leaves its process id in $pid, its
# name in $name (its first child is $name-1) and in $took the milliseconds until the broker said so
begin() {
  local way=$1 children=$2 jvm=${1#*-} stamp who
  name=$way-$((++number)) directory=$work/$way-$number
  mkdir "$directory"
  case $way in
    connector-*)
      write_config "$directory" "$name" "$children" >"$directory/connector.toml"
      command=("$work/package-$jvm/usr/bin/tedge-child-connector" run --config "$directory/connector.toml")
      ;;
    lean-*)
      command=("$work/package-$jvm/usr/bin/lean-floor" "$mqtt" "$name" "tedge/$name-1/commands/req/firmware_update")
      ;;
    agent) command=("$python" "$root/src/bench/python/agent.py" "$mqtt" "$name" "$directory/image") ;;
  esac
  (
    # As a service has it: what a developer's environment holds must not count.
    for variable in $(compgen -e); do export -n "${variable?}"; done
    export PATH LC_ALL
    [ -z "${training:-}" ] || export JAVA_OPTS="$training"
    # What systemd says: that the log has its times from the journal.
    exec >"$directory/log" 2>&1
    JOURNAL_STREAM=$(stat -L -c %d:%i /dev/stderr)
    export JOURNAL_STREAM
    echo "$EPOCHREALTIME" >"$directory/started"
    exec "${command[@]}"
  ) &
  pid=$!
  running[$pid]=$directory
  while read -r -t 60 -u "$subacks" stamp who || fail "$name does not subscribe: $(cat "$directory/log")"; do
    [ "$who" != "$name" ] || break
  done
  took=$(awk -v from="$(cat "$directory/started")" -v to="$stamp" 'BEGIN { print (to - from) * 1000 }')
}

# end PID…
end() {
  local pid
  for pid; do
    kill "$pid" || fail "it has died: $(cat "${running[$pid]}/log")"
    wait "$pid" || true
    rm -rf "${running[$pid]:?}"
    unset "running[$pid]"
  done
}

request=0
# update CHILD MIB: returns when it has reported success
update() {
  local id=request-$((++request)) line
  mosquitto_pub -p "$mqtt" -q 1 -t "tedge/$1/commands/req/firmware_update" -m \
    "$(printf '{"id":"%s","attempt":1,"name":"image","version":"%s","sha256":"%s","url":"http://127.0.0.1:%s/%s"}' \
      "$id" "$2" "${digest[$2]}" "$http" "$2")"
  while read -r -t 300 -u "$statuses" line || fail "no end of $id by $1"; do
    case $line in
      *"\"$id\""*successful*) break ;;
      *"\"$id\""*failed*) fail "$line" ;;
    esac
  done
}

# note WAY WHAT VALUE: one measurement more
note() { echo "$3" >>"$work/measured/$1.$2"; }

# memory KIND PID…: the sum of their Rss or Pss in KiB
memory() {
  local files=("${@:2}")
  files=("${files[@]/#//proc/}")
  cat "${files[@]/%//smaps_rollup}" | awk -v kind="$1:" '$1 == kind { sum += $2 } END { print sum }'
}
switches() { cat /proc/"$1"/task/*/status | awk '/^voluntary_ctxt_switches/ { sum += $2 } END { print sum }'; }
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
status() { awk -v field="$2:" '$1 == field { print $2 }' "/proc/$1/status"; }

# hold WAY…: how they are at rest, before and after an update. Those that run at the same time must
# not share a JVM, or its pages would be counted half in Pss.
hold() {
  local way
  local -A pids names woken worked
  for way; do
    begin "$way" 1
    pids[$way]=$pid names[$way]=$name
  done
  sleep $settle
  for way; do
    note "$way" rss "$(memory Rss "${pids[$way]}")"
    note "$way" pss "$(memory Pss "${pids[$way]}")"
    note "$way" threads "$(status "${pids[$way]}" Threads)"
    woken[$way]=$(switches "${pids[$way]}") worked[$way]=$(ticks "${pids[$way]}")
  done
  sleep $idle
  for way; do
    note "$way" woken "$(awk "BEGIN { print ($(switches "${pids[$way]}") - ${woken[$way]}) / $idle }")"
    note "$way" cpu "$(awk "BEGIN { print ($(ticks "${pids[$way]}") - ${worked[$way]}) * 100 / $(getconf CLK_TCK) / $idle }")"
  done
  case $* in
    *lean*) ;;
    *)
      for way; do update "$(child "$way" "${names[$way]}")" $small; done
      sleep $settle
      for way; do
        note "$way" rss_after "$(memory Rss "${pids[$way]}")"
        note "$way" pss_after "$(memory Pss "${pids[$way]}")"
      done
      ;;
  esac
  end "${pids[@]}"
}

# child WAY NAME: the child that can be updated
child() { if [ "$1" = agent ]; then echo "$2"; else echo "$2-1"; fi; }

# peak WAY MIB: the most memory it ever had when it has fetched one image
peak() {
  begin "$1" 1
  update "$(child "$1" "$name")" "$2"
  note "$1" "peak_$2" "$(status "$pid" VmHWM)"
  end "$pid"
}

# twenty WAY…: connectors with many children each, and as many Python agents
twenty() {
  local way agents=()
  local -A pids
  for way; do
    begin "$way" $many
    pids[$way]=$pid
  done
  for _ in $(seq $many); do
    begin agent 1
    agents+=("$pid")
  done
  sleep $settle
  for way; do
    note "$way" rss_many "$(memory Rss "${pids[$way]}")"
    note "$way" pss_many "$(memory Pss "${pids[$way]}")"
  done
  note agent rss_many "$(memory Rss "${agents[@]}")"
  note agent pss_many "$(memory Pss "${agents[@]}")"
  end "${pids[@]}" "${agents[@]}"
}

mapfile -t connectors < <(printf 'connector-%s\n' "${jvms[@]}")
mapfile -t leans < <(printf 'lean-%s\n' "${jvms[@]}")
# The lean floor's archive holds the classes that a run of it loads.
for jvm in "${jvms[@]}"; do
  training="-XX:DumpLoadedClassList=$work/classes.list"
  begin "lean-$jvm" 1
  end "$pid"
  training=
  "${java[$jvm]}" -Xshare:dump "-XX:SharedClassListFile=$work/classes.list" "-XX:SharedArchiveFile=$work/lean-$jvm.jsa" \
    -cp "$work/lean.jar:$paho" >"$work/dump.log" 2>&1 || fail "no archive: $(cat "$work/dump.log")"
done

# A first time that does not count: the files of all of them are in memory afterwards.
for way in "${connectors[@]}" "${leans[@]}" agent; do
  begin "$way" 1
  end "$pid"
done
for ((round = 1; round <= runs; round++)); do
  for way in "${connectors[@]}" "${leans[@]}" agent; do
    begin "$way" 1
    note "$way" start "$took"
    end "$pid"
  done
  hold "${connectors[@]}" agent
  hold "${leans[@]}"
  for way in "${connectors[@]}" agent; do
    peak "$way" $small
    peak "$way" $large
  done
  if [ $round = 1 ]; then
    for way in "${connectors[@]}"; do peak "$way" $huge; done
  fi
  twenty "${connectors[@]}"
done

# median WAY WHAT [DIVISOR]: nothing if it was not measured
median() {
  [ ! -f "$work/measured/$1.$2" ] || sort -n "$work/measured/$1.$2" |
    awk -v by="${3:-1}" '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) / by }'
}
# cell FORMAT WAY WHAT [DIVISOR]
cell() {
  local value
  value=$(median "${@:2}")
  # shellcheck disable=SC2059
  if [ -n "$value" ]; then printf "$1" "$value"; else echo -; fi
}
title() {
  case $1 in
    connector-bundled) echo "tedge-child-connector, bundled" ;;
    connector-*) echo "tedge-child-connector, Java ${1#*-}" ;;
    lean-bundled) echo "lean floor, bundled Java" ;;
    lean-*) echo "lean floor, Java ${1#*-}" ;;
    agent) echo "Python agent" ;;
  esac
}
row() { printf '%-31s %6s %6s %6s %6s %6s %6s %6s %6s %7s %7s %7s %8s %6s\n' "$@"; }

for jvm in "${jvms[@]}"; do
  echo "Java $jvm: $("${java[$jvm]}" -version 2>&1 | sed -n 2p)"
done
echo "Medians of $runs; memory in MiB; the $huge MiB once"
row "" start idle idle after after peak peak peak $many $many "" wake-ups CPU
row "" ms RSS PSS RSS PSS $small $large $huge RSS PSS threads "per s" %
for way in "${connectors[@]}" "${leans[@]}" agent; do
  row "$(title "$way")" "$(cell %.0f "$way" start)" \
    "$(cell %.1f "$way" rss 1024)" "$(cell %.1f "$way" pss 1024)" \
    "$(cell %.1f "$way" rss_after 1024)" "$(cell %.1f "$way" pss_after 1024)" \
    "$(cell %.1f "$way" peak_$small 1024)" "$(cell %.1f "$way" peak_$large 1024)" \
    "$(cell %.1f "$way" peak_$huge 1024)" \
    "$(cell %.1f "$way" rss_many 1024)" "$(cell %.1f "$way" pss_many 1024)" \
    "$(cell %.0f "$way" threads)" "$(cell %.1f "$way" woken)" "$(cell %.3f "$way" cpu)"
done
echo "after: $settle s after an image of $small MiB; peak: while it fetches so many MiB; $many: with $many children"

# package NAME-OF-FILE: leaves its MB in $packed, and says how large it is
package() {
  local file
  file=$(find "$root/target" -maxdepth 1 -name "$1" 2>/dev/null | sort | tail -n 1)
  packed=
  if [ -z "$file" ]; then
    echo "$1: not built"
  else
    packed=$(stat -c %s "$file" | awk '{ print $1 / 1e6 }')
    printf '%s: %.1f MB, installed %.1f MB\n' "$(basename "$file")" "$packed" \
      "$(dpkg-deb -f "$file" Installed-Size | awk '{ print $1 * 1024 / 1e6 }')"
  fi
}
package 'tedge-child-connector_*_all.deb'
plain_package=$packed
package 'tedge-child-connector-bundled_*_*.deb'
bundled_package=$packed

if [ "$smoke" = 1 ]; then
  echo "A smoke run: the figures say nothing, and the goals are not judged"
  exit 0
fi

missed=0
# goal TEXT VALUE LIMIT UNIT: the value is at most the limit
goal() {
  local line
  line=$(awk -v text="$1" -v value="$2" -v limit="$3" -v unit="$4" 'BEGIN {
    way = value <= limit ? "reached: %s: %.4g %s of at most %.4g" : "MISSED:  %s: %.4g %s instead of %.4g, too much by %.4g (%.0f %%)"
    printf way, text, value, unit, limit, value - limit, (limit > 0 ? (value - limit) * 100 / limit : 0)
  }')
  echo "$line"
  case $line in MISSED*) missed=1 ;; esac
}
# times FACTOR VALUE
times() { awk "BEGIN { print $1 * $2 }"; }
for jvm in "${jvms[@]}"; do
  c=connector-$jvm
  on="$([ "$jvm" = bundled ] && echo "bundled" || echo "Java $jvm")"
  goal "$on: start, 1.2 x the lean floor" "$(median "$c" start)" "$(times 1.2 "$(median "lean-$jvm" start)")" ms
  goal "$on: idle RSS, 1.15 x the lean floor" "$(median "$c" rss 1024)" "$(times 1.15 "$(median "lean-$jvm" rss 1024)")" MiB
  goal "$on: idle RSS" "$(median "$c" rss 1024)" 48 MiB
  goal "$on: RSS after an update" "$(median "$c" rss_after 1024)" 62 MiB
  goal "$on: peak at $large MiB, 0.08 x Python's" "$(median "$c" peak_$large 1024)" "$(times 0.08 "$(median agent peak_$large 1024)")" MiB
  least=$(for size in $small $large $huge; do median "$c" "peak_$size" 1024; done | sort -n | head -n 1)
  most=$(for size in $small $large $huge; do median "$c" "peak_$size" 1024; done | sort -n | tail -n 1)
  goal "$on: peak is flat, the greatest 1.1 x the least" "$most" "$(times 1.1 "$least")" MiB
  goal "$on: $many children, 0.1 x as many Python agents" "$(median "$c" rss_many 1024)" "$(times 0.1 "$(median agent rss_many 1024)")" MiB
  goal "$on: idle CPU" "$(median "$c" cpu)" 0.1 "% of a core"
  goal "$on: idle wake-ups" "$(median "$c" woken)" 8 "per s"
done
[ -z "$plain_package" ] || goal "package" "$plain_package" 5 MB
[ -z "$bundled_package" ] || goal "package with Java" "$bundled_package" 20 MB
[ "$missed" = 0 ]

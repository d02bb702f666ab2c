#!/bin/bash
# Compares the daemon's download (HTTP, SHA-256, fsync; the daemon's own code and JVM options)
# with what one would otherwise do on a gateway. Needs the built jar: mvn -B package -DskipTests
#
#   SIZE   bytes of the image, default 1 GiB        RUNS   rounds, default 5
#   SMOKE  1: 16 MiB, one round, goals not judged   DIR    scratch disk, default /var/tmp
#
# Exits with 1 where a goal is missed. Listens on 127.0.0.1 only and leaves nothing behind but
# Debian packages that it had to install.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
smoke=${SMOKE:-0}
if [ "$smoke" = 1 ]; then size=${SIZE:-$((16 << 20))} runs=${RUNS:-1}; else size=${SIZE:-$((1 << 30))} runs=${RUNS:-5}; fi
jvm="-XX:+UseSerialGC -Xms8m -Xmx32m -XX:NewSize=2m -XX:-UsePerfData -XX:TrimNativeHeapInterval=5000 -Djdk.httpclient.bufsize=262144"

fail() { echo "download.sh: $*" >&2; exit 1; }

# install PACKAGE: succeeds if we may and it could be had
install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$1"; } >/dev/null 2>&1
}

[ -f "$root/target/tedge-child-connector.jar" ] || fail "target/tedge-child-connector.jar is missing; run mvn -B package -DskipTests"
command -v curl >/dev/null || install curl || fail "curl is missing; install the package curl"
# Not the shell's own word of that name.
[ -x /usr/bin/time ] || install time || fail "/usr/bin/time is missing; install the package time"
command -v python3 >/dev/null || install python3 || true
python_way=1
python3 -c 'import requests' 2>/dev/null || install python3-requests || true
python3 -c 'import requests' 2>/dev/null || python_way=0

work=$(mktemp -d "${DIR:-/var/tmp}/download-bench.XXXXXX")
server=
clean_up() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; } || true
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
mkdir "$work/served" "$work/got" "$work/classes"

head -c "$size" /dev/urandom >"$work/served/image"
digest=$(sha256sum "$work/served/image" | cut -d' ' -f1)
javac -d "$work/classes" -cp "$root/target/tedge-child-connector.jar:$root/target/lib/*" "$root"/src/bench/java/*.java

# serve_nginx PORT, serve_python PORT: leave the process id in $server
serve_nginx() {
  cat >"$work/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $work/nginx.pid; error_log $work/nginx.log;
$([ "$(id -u)" = 0 ] && echo "user root;")
events {}
http {
  access_log off; sendfile on;
  client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3;
  uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
  server { listen 127.0.0.1:$1; root $work/served; }
}
CONF
  nginx -p "$work" -c "$work/nginx.conf" 2>/dev/null &
  server=$!
}
serve_python() {
  python3 -m http.server --bind 127.0.0.1 --directory "$work/served" "$1" 2>/dev/null &
  server=$!
}

# start SERVE_FUNCTION: tries ports until one is free
start() {
  local port
  for port in $(shuf -i 20000-30000 -n 10); do
    "$1" "$port"
    url=http://127.0.0.1:$port/image
    for _ in $(seq 50); do
      kill -0 "$server" 2>/dev/null || break
      if curl -sfI -o "$work/head" "$url"; then return 0; fi
      sleep 0.1
    done
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  done
  server=
  return 1
}
PATH=$PATH:/usr/sbin
command -v nginx >/dev/null || install nginx-light || true
if command -v nginx >/dev/null && start serve_nginx; then
  echo "server: nginx"
elif start serve_python; then
  echo "server: python3 -m http.server (nginx is missing, so the server may be the bottleneck)"
else
  fail "no file server can be started; install the package nginx-light"
fi

first() { curl -s -o "$got/file" "$url" && sha256sum "$got/file" && sync "$got/file"; }
second() { curl -s "$url" | tee "$got/file" | sha256sum && sync "$got/file"; }
python_agent() { python3 -c 'import sys, requests; open(sys.argv[2], "wb").write(requests.get(sys.argv[1]).content)' "$url" "$got/file"; }
# shellcheck disable=SC2086
daemon() { exec java $jvm -cp "$classes" FetchOnce "$got" "$digest" "$url"; }
export -f first second python_agent daemon
export url digest jvm got="$work/got" classes="$work/classes:$root/target/tedge-child-connector.jar:$root/target/lib/*"

# measure WAY: appends "seconds KiB" to $work/WAY.runs, beginning with an empty, quiet disk
measure() {
  rm -rf "${got:?}"/*
  sync -f "$got"
  /usr/bin/time -f '%e %M' -o "$work/one" bash -c "$1" >"$work/said" 2>&1 || fail "$1 failed: $(cat "$work/said")"
  tail -n 1 "$work/one" >>"$work/$1.runs"
}

ways="first second daemon"
[ "$python_way" = 0 ] && echo "python3-requests is missing: the Python agent's way is skipped" || ways="$ways python_agent"
for _ in $(seq "$runs"); do
  for way in $ways; do measure "$way"; done
done

median() { cut -d' ' -f"$2" "$work/$1.runs" | sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
peak() { cut -d' ' -f2 "$work/$1.runs" | sort -n | tail -n 1 | awk '{ printf "%.1f", $1 * 1024 / 1e6 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", (b > 0 ? a / b : 0) }'; }

declare -A named=(
  [first]="curl -o f; sha256sum f; sync f"
  [second]="curl | tee f | sha256sum; sync f"
  [daemon]="tedge-child-connector"
  [python_agent]="Python agent (no hash, no sync)"
)
base=$(median first 1)
printf '%d bytes, medians of %d\n%-34s %9s %7s %9s\n' "$size" "$runs" "" "seconds" "ratio" "peak MB"
for way in $ways; do
  seconds=$(median "$way" 1)
  printf '%-34s %9.2f %7s %9s\n' "${named[$way]}" "$seconds" "$(ratio "$seconds" "$base")" "$(peak "$way")"
done

if [ "$smoke" = 1 ]; then
  echo "A smoke run: the figures say nothing, and the goals are not judged"
  exit 0
fi

missed=0
# goal TEXT CONDITION-IN-AWK
goal() {
  if awk "BEGIN { exit !($2) }"; then echo "reached: $1"; else echo "MISSED:  $1"; missed=1; fi
}
mine=$(median daemon 1)
goal "at most 0.70 x the first" "$mine <= 0.70 * $base"
goal "faster than the second" "$mine < $(median second 1)"
goal "at most 80 MB at its peak" "$(peak daemon) <= 80"
[ "$missed" = 0 ]

# shellcheck shell=bash
# Sourced by the stages: steps that say in one line what they did and for how long,
# keep the rest in target/ci/*.log, and are explained at the end where they failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=.ci/tools.sh
. .ci/tools.sh

stage=$(basename "$0")
logs=target/ci
failures=$logs/failed-$stage
results=$logs/results-$stage
mkdir -p $logs
rm -f $logs/"$stage"-*.log "$failures" "$results"
began=$SECONDS
echo "== $stage"

plain() { sed 's/\x1b\[[0-9;]*m//g'; }

# maven ARGUMENTS...: without colours, progress, and questions
maven() { mvn -B -ntp -Dstyle.color=never "$@"; }

# step TITLE COMMAND...: runs the command, also a function of several, to its first failure; in a shell
# of its own, because bash ignores -e wherever somebody looks at the step's code
step() {
  local title=$1 since=$SECONDS code=0 word=ok
  shift
  log=$logs/$stage-$(tr -cs 'A-Za-z0-9\n' '-' <<<"${title%% (*}" | tr '[:upper:]' '[:lower:]').log
  bash -euo pipefail -c "$(declare -f)"$'\n''"$@"' "$0" "$@" </dev/null >"$log" 2>&1 || code=$?
  if [ $code != 0 ]; then
    word=FAILED
    explain "$title" "$log" >>"$failures"
  fi
  printf '%-7s %4d s  %s\n' $word $((SECONDS - since)) "$title"
  return $code
}

# explain TITLE LOG: what went wrong, as far as it fits
explain() {
  echo "-- $1: see $2"
  if ! plain <"$2" | grep -E '^(NOT OK|SKIPPED)|^\[ERROR\] |^== NOT|error:|: (error|warning) ' |
    grep -vE '<<< |^\[ERROR\] (See|Re-run|To see|For more|Failed to execute goal .*There are test failures)|\[Help 1\]|^\[ERROR\] $' |
    head -n 25 | cut -c 1-300; then
    plain <"$2" | tail -n 25 | cut -c 1-300
  fi
}

# need TITLE COMMAND...: a step without which the stage cannot go on
need() { step "$@" || finish; }

# The classes as they are now; nothing is done where nothing has changed.
compiled() { need "Compile what has changed" maven -q -Dspotless.check.skip -Denforcer.skip test-compile; }

# tests TITLE NAME ARGUMENTS...: tests of the compiled classes, with their reports in target/ci/NAME; in
# an order by which those that take long come early, so that none is left alone at the end
tests() {
  local title=$1 reports=$logs/$2 code=0
  shift 2
  rm -rf "$reports"
  step "$title" maven surefire:test -Dsurefire.runOrder=alphabetical -Dtests.reports="$reports" -DtempDir="surefire-$(basename "$reports")" "$@" || code=$?
  closing
  find "$reports" -name '*-output.txt' -exec grep -h ' per CPU second' {} + 2>/dev/null | sed 's/^/        /' || true
  skipped "$reports"
  [ $code = 0 ] || unsuccessful "$reports" >>"$failures"
  return $code
}

# The last line of Surefire's in the log of the last step.
closing() {
  plain <"$log" | grep -E '^\[[A-Z]+\] Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+$' |
    tee -a "$results" || true
}

# skipped REPORTS: the tests that did not run, and why, each reason once
skipped() {
  find "$1" -name 'TEST-*.xml' -exec cat {} + 2>/dev/null | awk '
    /<testcase / { class = $0; sub(/.*classname="/, "", class); sub(/".*/, "", class); sub(/.*\./, "", class) }
    /<skipped/ {
      why = "no reason given"
      if (match($0, /message="[^"]*"/)) why = substr($0, RSTART + 9, RLENGTH - 10)
      else if (match($0, /CDATA\[[^:]*: [^]]*/)) { why = substr($0, RSTART, RLENGTH); sub(/^[^:]*: /, "", why) }
      seen[class ": " why]++
    }
    END { for (line in seen) print "        skipped: " line " (" seen[line] ")" }' |
    sed 's/&quot;/"/g; s/&apos;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; s/&#10;.* (/ (/; s/&amp;/\&/g' | sort | cut -c 1-200 | head -n 30
}

# unsuccessful REPORTS: the head of what each class with failures reported
unsuccessful() {
  { grep -lE '<<< (FAILURE|ERROR)!' "$1"/*.txt || true; } 2>/dev/null | head -n 6 | while read -r report; do
    echo "   $report:"
    grep -vE '^(-+|Test set: .*|\s*)$' "$report" | grep -vE '^\s+at ' | head -n 14 | cut -c 1-240 | sed 's/^/     /'
  done
}

both_packages() {
  rm -f target/*.deb
  packaging/build-deb.sh
  packaging/build-deb.sh --bundled --no-build
}

# Asks osv-scanner about the libraries in the package: online, or with --offline in OSV_OPTIONS by a
# database that it was given. What cannot be looked up is no failure, and is said.
known_vulnerabilities() {
  local code=0 options
  if ! command -v osv-scanner >/dev/null; then
    echo "SKIPPED: known vulnerabilities, because there is no osv-scanner"
    return 0
  fi
  read -ra options <<<"${OSV_OPTIONS:-}"
  osv-scanner scan source "${options[@]}" --lockfile target/bom.json || code=$?
  # 1 means that something was found; beyond that it could not look.
  [ $code -le 1 ] || echo "SKIPPED: known vulnerabilities, because osv-scanner had none to compare with (exit status $code)"
  [ $code != 1 ]
}

# scanned: whether something is known against a library in the package
scanned() {
  step "Look for known vulnerabilities of libraries" known_vulnerabilities || true
  grep '^SKIPPED' "$log" | sed 's/^/        /' || true
}

# installed SUITE: the packages in that Debian
installed() {
  step "Test them in Debian $1" env SUITE="$1" packaging/test/run.sh || true
  grep '^SKIPPED' "$log" | sed 's/^/        /' || true
  grep -E '^[1-9][0-9]* passed, [0-9]+ failed' "$log" | tee -a "$results" || true
}

# The table of faults, in which no promise may be broken.
fault_table() {
  awk '
    function show(name, i) { printf "%-10s", name; for (i = 1; i <= n; i++) printf " %14s", shown[i]; print "" }
    { n = 0; for (i = 2; i <= NF; i++) { split($i, pair, "="); what[++n] = pair[1]; shown[n] = pair[2]; sum[n] += pair[2] } }
    !lines++ { for (i = 1; i <= n; i++) { kept[i] = shown[i]; shown[i] = what[i] } show(""); for (i = 1; i <= n; i++) shown[i] = kept[i] }
    { show($1) }
    END { for (i = 1; i <= n; i++) { shown[i] = sum[i]; if (what[i] ~ /contradictions|lost|leaks/) bad += sum[i] } show("all"); exit bad > 0 || lines == 0 }
  ' target/matrix/* || echo "-- The table of faults: contradictions, lost and leaks must be 0" >>"$failures"
}

# Says how long the stage took, and what failed; the last thing a stage does.
finish() {
  local minutes=$(((SECONDS - began) / 60)) seconds=$(((SECONDS - began) % 60))
  if [ -e "$failures" ]; then
    printf '== %s FAILED after %d:%02d\n' "$stage" $minutes $seconds
    [ -n "${CI_RUN:-}" ] || cat "$failures"
    exit 1
  fi
  printf '== %s is done after %d:%02d\n' "$stage" $minutes $seconds
}

#!/bin/sh
# Runs the tests below src/fray/java under thousands of schedules each, which Fray chooses and repeats: at every
# lock, wait, atomic and volatile access another thread may go on. Options go to Maven (-o, -Dtest=…).
#
# Fray needs a Java 25 whose own classes it has changed; jlink makes that below target/fray from the Java 25
# that $JAVA25_HOME names, or the first below /usr/lib/jvm. How to repeat a red schedule: the report below
# target/fray/report says which, and https://github.com/cmu-pasta/fray/blob/main/docs/usage.md how.
set -eu
cd "$(dirname "$0")/../.."

java25=${JAVA25_HOME:-}
for home in /usr/lib/jvm/*; do
  if [ -z "$java25" ] && grep -qs '^JAVA_VERSION="25' "$home/release" && [ -x "$home/bin/jlink" ]; then
    java25=$home
  fi
done
if [ -z "$java25" ] || [ "$(uname -sm)" != "Linux x86_64" ]; then
  echo "Skipped: Fray, because it needs Java 25 (a JDK, by JAVA25_HOME or below /usr/lib/jvm) on Linux x86_64"
  exit 0
fi

out=target/fray
mvn -B -ntp -q -Pquick,fray test-compile process-test-classes "$@"
(cd $out/agents && "$java25/bin/jar" -xf fray-jvmti-linux-x8664.jar libjvmti.so)

path=$(find "$PWD/$out/modules" -name '*.jar' | tr '\n' ':')$PWD/$out/agents/fray-instrumentation-jdk.jar
modules=$("$java25/bin/java" --list-modules | sed 's/@.*//' | grep -vE '^jdk[.](jlink|jpackage)$' | paste -sd, -)
rm -rf $out/java
"$java25/bin/jlink" -J-javaagent:$out/agents/fray-instrumentation-jdk.jar "-J--module-path=$path" \
  "-J--class-path=$path" -J--add-modules=org.pastalab.fray.instrumentation.jdk --fray-instrumentation \
  --add-modules "$modules" --release-info add:IMPLEMENTOR=Fray --output $out/java

mvn -B -ntp -Pquick,fray surefire:test "$@"

#!/usr/bin/env bash
# Builds target/tedge-child-connector_VERSION_all.deb, or with --bundled
# target/tedge-child-connector-bundled_VERSION_ARCHITECTURE.deb, which brings its own Java runtime
# along. On Debian 12 or newer; as root it installs what it needs with apt. Two builds of one commit
# with the same tools are byte-equal.
#
#   --bundled    the variant with a runtime, made by jlink of the JDK that builds
#   --no-build   takes target/tedge-child-connector.jar as it is
set -euo pipefail
cd "$(dirname "$0")/.."

bundled=0 build=1
for option; do
  case $option in
    --bundled) bundled=1 ;;
    --no-build) build=0 ;;
    *)
      echo "usage: packaging/build-deb.sh [--bundled] [--no-build]" >&2
      exit 64
      ;;
  esac
done

# shellcheck source=.ci/tools.sh
. .ci/tools.sh
wanted=(dpkg-deb:dpkg xz:xz-utils zip:zip zipinfo:unzip mosquitto:mosquitto)
[ $bundled = 0 ] || wanted+=(strip:binutils dpkg-shlibdeps:dpkg-dev)
tools "${wanted[@]}"

# The first of its name in the pom, which is the project's own.
in_pom() { sed -n "s|^ *<$1>\(.*\)</$1>.*|\1|p" pom.xml | head -n 1; }
version=$(in_pom version)
SOURCE_DATE_EPOCH=$(date -u -d "$(in_pom project.build.outputTimestamp)" +%s)
export SOURCE_DATE_EPOCH

if [ $build = 1 ]; then
  mvn -B -ntp -q -Dstyle.color=never -DskipTests -Pdeb package
fi

name=tedge-child-connector
package=$name architecture=all
depends="openjdk-17-jre-headless | java17-runtime-headless, adduser"
relations='' extended=''
if [ $bundled = 1 ]; then
  package=$name-bundled
  architecture=$(dpkg --print-architecture)
  printf -v relations '%s\n' "Provides: $name (= $version)" "Conflicts: $name" "Replaces: $name"
  printf -v extended ' .\n This package has its own Java runtime and needs none on the gateway.'
else
  printf -v relations '%s\n' "Conflicts: $name-bundled" "Replaces: $name-bundled"
  printf -v extended ' .\n tedge-child-connector-bundled is the same with its own Java runtime.'
fi

root=target/deb/$package
rm -rf "$root"
umask 022

# put MODE SOURCE DESTINATION
put() { install -D -m "$1" "$2" "$root/$3"; }
# compress SOURCE DESTINATION: the same bytes each time
compress() {
  mkdir -p "$root/$(dirname "$2")"
  gzip -9n <"$1" >"$root/$2"
}

share=usr/share/$name doc=usr/share/doc/$package
put 644 target/$name.jar $share/$name.jar
for jar in target/lib/*.jar; do put 644 "$jar" "$share/lib/$(basename "$jar")"; done
# Java archives no class of a signed jar, and would check each of them at every start. What is not
# needed for that check stays as its authors made it.
for jar in "$root/$share"/lib/*.jar; do
  [ -z "$(zipinfo -1 "$jar" 'META-INF/*.SF' 2>/dev/null)" ] || zip -q -d "$jar" 'META-INF/*.SF' 'META-INF/*.RSA'
done
# Both packages have the same jars, and need the same lists.
lists=target/deb/lists
if [ $build = 1 ] || [ ! -d $lists ] || [ target/$name.jar -nt $lists ]; then
  rm -rf $lists
  mkdir -p $lists
  packaging/class-list.sh "$root/$share/$name.jar" $lists
fi
for list in "$lists"/classes-*.list; do put 644 "$list" "$share/$(basename "$list")"; done
put 755 packaging/find-java $share/find-java
put 755 packaging/update-archive $share/update-archive
put 755 packaging/$name usr/bin/$name
put 644 examples/configuration/connector.toml etc/$name/connector.toml
mkdir -p "$root/etc/$name/conf.d"
put 644 packaging/debian/$name.default etc/default/$name
put 644 systemd/$name.service lib/systemd/system/$name.service
put 755 packaging/diag-plugin/50_$name.sh usr/share/tedge/diag-plugins/50_$name.sh
compress packaging/man/$name.1 usr/share/man/man1/$name.1.gz
compress packaging/man/connector.toml.5 usr/share/man/man5/connector.toml.5.gz
mkdir -p "$root/usr/share/bash-completion/completions"
java -cp "target/$name.jar:target/lib/*" io.github.childconnector.Main generate-completion |
  sed '/^#!/d' >"$root/usr/share/bash-completion/completions/$name"
put 644 packaging/debian/copyright $doc/copyright
compress packaging/debian/changelog $doc/changelog.gz
compress CHANGELOG.md $doc/NEWS.gz
compress README.md $doc/README.md.gz
compress target/bom.json $doc/$name.cdx.json.gz
# All but those that start what this checkout builds, and the configuration, which lies in /etc.
(cd examples && find . -type f -not -path './quickstart/*' -not -path './simulators/*' \
  -not -path './configuration/*' -printf '%P\n') | while read -r file; do
  mode=644
  [ ! -x "examples/$file" ] || mode=755
  put $mode "examples/$file" "$doc/examples/$file"
done
cp packaging/debian/lintian-overrides target/deb/overrides
[ $bundled = 0 ] || cat packaging/debian/lintian-overrides.bundled >>target/deb/overrides
put 644 target/deb/overrides usr/share/lintian/overrides/$package
sed -i "s/@NAME@/$package/" "$root/usr/share/lintian/overrides/$package"

if [ $bundled = 1 ]; then
  jre=$root/usr/lib/$name/jre
  # What the daemon, its libraries and the commands use, as jdeps says, and crypto.ec for TLS.
  # Uncompressed: xz does better, and the daemon starts faster.
  jlink --add-modules java.base,java.logging,java.net.http,jdk.httpserver,jdk.unsupported,jdk.crypto.ec \
    --strip-java-debug-attributes --no-header-files --no-man-pages --vm=server --output "$jre"
  find "$jre" -name '*.jsa' -delete
  find "$jre/legal" -type f -exec chmod 644 {} +
  mapfile -t binaries < <(find "$jre" \( -name '*.so' -o -path '*/bin/*' -o -name jspawnhelper -o -name jexec \) -type f)
  chmod u+w "${binaries[@]}"
  strip --strip-unneeded "${binaries[@]}"
  mkdir -p target/deb/shlibs/debian
  echo "Source: $name" >target/deb/shlibs/debian/control
  mapfile -t binaries < <(realpath "${binaries[@]}")
  depends=$(cd target/deb/shlibs && dpkg-shlibdeps -O -l"$(realpath "../$package/usr/lib/$name/jre/lib")" \
    "${binaries[@]}" 2>/dev/null | sed 's/^shlibs:Depends=//')
  depends="$depends, adduser"
fi

mkdir "$root/DEBIAN"
size=$(du -sk --apparent-size --exclude DEBIAN "$root" | cut -f1)
NAME=$package VERSION=$version ARCHITECTURE=$architecture SIZE=$size DEPENDS=$depends \
  RELATIONS=$relations EXTENDED=$extended perl -pe 's/@([A-Z]+)@/$ENV{$1}/g' \
  packaging/debian/control.in >"$root/DEBIAN/control"
(cd "$root" && find etc -type f | sort | sed 's|^|/|') >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do
  install -m 755 packaging/debian/$script "$root/DEBIAN/$script"
done
[ $bundled = 1 ] || install -m 644 packaging/debian/$name.triggers "$root/DEBIAN/triggers"
(cd "$root" && find . -type f -not -path './DEBIAN/*' -not -path './etc/*' -printf '%P\n' |
  LC_ALL=C sort | xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

result=target/${package}_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$result" >/dev/null
echo "$result"

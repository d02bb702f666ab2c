#!/bin/bash
# Inside a root directory without a running systemd: what the maintainer scripts leave.
set -u
# shellcheck source=/dev/null
. /test/check.sh
export DEBIAN_FRONTEND=noninteractive
name=tedge-child-connector
conf=/etc/$name/connector.toml
state=/var/lib/$name archive=/var/cache/$name/classes.jsa

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
install() { dpkg --force-confold -i "$1" </dev/null; }
in_group() { id -nG $name | tr ' ' '\n' | grep -qx "$1"; }

groupadd --system tedge
find / -xdev -not -path '/proc/*' -not -path '/test/*' | sort >/test/before

check "the older version installs" install /packages/old.deb
check "there is a user" getent passwd $name
check "the user may use serial ports" in_group dialout
check "the user may read thin-edge's certificates" in_group tedge
check "the configuration is for root and the service only" mode $conf "640 root $name"
check "the configuration is right as it comes" $name check-config --quiet
check "the class-data archive is made" test -s $archive
check "the archive belongs to root" mode $archive "444 root root"
check "the version is shown" sh -c "$name --version | grep -q '^$name 0'"
check "the command needs a configuration" not $name check-config --config /nowhere
check "the unit is enabled for the next start" test -L /etc/systemd/system/multi-user.target.wants/$name.service
check "the manual pages are there" test -s /usr/share/man/man1/$name.1.gz -a -s /usr/share/man/man5/connector.toml.5.gz
check "bash completes commands" bash -c ". /usr/share/bash-completion/completions/$name && complete -p $name"
check "thin-edge's diagnostics find us" sh -c "mkdir /tmp/diag && /usr/share/tedge/diag-plugins/50_$name.sh collect --output-dir /tmp/diag --config-dir /etc/tedge"

cp $conf /test/shipped.toml
printf '[[child]]\nid = "plc"\nadapter = "command"\n[child.command]\ninstall = ["/bin/true"]\n' >>$conf
echo 'JAVA_OPTS="-Xmx40m"' >>/etc/default/$name
mkdir -p $state/operations
echo kept >$state/kept
cp $conf /test/edited.toml
touch -d 2020-01-01 $archive

check "the new version is installed over it" install /packages/new.deb
check "the edited configuration is kept" cmp $conf /test/edited.toml
check "the new one lies beside it" test -s $conf.dpkg-dist
check "the rights are kept" mode $conf "640 root $name"
check "the state is kept" grep -q kept $state/kept
check "the archive is made anew" test $archive -nt $conf
check "our options for Java count" sh -c "sh -x /usr/bin/$name --version 2>&1 | grep -q -- '-Xmx40m'"

printf '#!/bin/sh\r\n' >/usr/local/bin/windows
chmod 755 /usr/local/bin/windows
printf '[[child]]\nid = "odd"\nadapter = "command"\n[child.command]\ninstall = ["/usr/local/bin/windows"]\n' >/etc/$name/conf.d/odd.toml
check "a program that cannot be started is no problem" $name check-config --quiet
check "but a warning" sh -c "$name check-config 2>&1 | grep -q 'child.odd.: install: .*sed -i'"
check "root is told who it was checked for" sh -c "$name check-config 2>&1 | grep -q 'Checked as $name'"
chmod 600 /etc/$name/conf.d/odd.toml
check "what the service may not read is a problem for root too" not $name check-config --quiet
rm /etc/$name/conf.d/odd.toml /usr/local/bin/windows
check "others are told to use sudo" sh -c "setpriv --reuid=nobody --regid=nogroup --clear-groups $name check-config 2>&1 | grep -q 'run it with sudo'"

chmod 600 $conf
check "the same version is installed again" install /packages/new.deb
check "rights that the operator gave are kept" mode $conf "600 root $name"
chmod 640 $conf

rm $archive
check "a change of Java is noticed" dpkg-trigger --no-await --by-package=openjdk-17-jre-headless /usr/lib/jvm
check "the trigger is worked on" dpkg --configure --pending
check "the archive is made for it" test -s $archive

check "without Java it says what to install" not sh -c "PATH=/usr/bin JAVA_HOME=/nowhere $name --version"

if [ -e /packages/bundled.deb ]; then
  check "the bundled variant takes its place" sh -c "dpkg --force-confold --auto-deconfigure -B -i /packages/bundled.deb </dev/null || { dpkg -r $name && dpkg --force-confold -i /packages/bundled.deb </dev/null; }"
  check "it brings its Java" sh -c "/usr/share/$name/find-java | grep -q ^/usr/lib/$name"
  check "it runs" sh -c "$name --version | grep -q '^$name 0'"
  check "it takes the configuration over" cmp $conf /test/edited.toml
  check "the first variant is purged" dpkg --purge $name
  check "which takes nothing from the second" sh -c "test -e $state/kept && getent passwd $name && cmp $conf /test/edited.toml"
  check "and it still runs" $name check-config --quiet
  check "the bundled variant is removed" dpkg -r $name-bundled
  check "the first is installed again" install /packages/new.deb
  check "the configuration has survived both" cmp $conf /test/edited.toml
  check "the bundled variant is purged" dpkg --purge $name-bundled
  check "which takes nothing from the first" sh -c "test -e $state/kept && getent passwd $name && cmp $conf /test/edited.toml"
else
  echo "SKIPPED: the bundled variant, which was not built"
fi

check "it is removed" dpkg -r $name
check "removed it is" not installed $name
check "the configuration is kept" cmp $conf /test/edited.toml
check "the journal is kept" test -d $state/operations
check "the archive is gone" not test -e $archive
check "the program is gone" not test -e /usr/bin/$name

wanted=/etc/systemd/system/multi-user.target.wants/$name.service
check "no link to the unit is left" not test -L $wanted

check "it is installed again" install /packages/new.deb
check "with the configuration it had" cmp $conf /test/edited.toml
check "and enabled" test -L $wanted
rm $wanted
check "it is removed after somebody has disabled it" dpkg -r $name
check "and installed again" install /packages/new.deb
check "it stays disabled" not test -L $wanted

check "it is purged" dpkg --purge $name
check "no user is left" not getent passwd $name
rm -rf /tmp/diag
find / -xdev -not -path '/proc/*' -not -path '/test/*' | sort >/test/after
left=$(comm -13 /test/before /test/after | grep -vE '^/(var/(log|cache/(apt|ldconfig|debconf)|lib/(dpkg|systemd/deb-systemd))|etc/(passwd|group|gshadow|shadow|subuid|subgid)-|tmp/hsperfdata)' || true)
check "no file is left" test -z "$left"
[ -z "$left" ] || echo "$left"

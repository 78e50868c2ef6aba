# shellcheck shell=bash
# nvgate-cli: the nvgate command. Sourced by packages/build in a subshell.
here=$PACKAGES/cli
lib=/usr/lib/nvgate

put_jars "$lib/manager" "$here/jars"
put 755 "$here/nvgate" /usr/bin/nvgate
. "$here/archive.sh"
put_man "$here/nvgate.1" 1
deb_docs nvgate-cli "$PACKAGES/lib" "$here/lintian-overrides"
put 644 "$here/control" /DEBIAN/control

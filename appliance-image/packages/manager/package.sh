# shellcheck shell=bash
# nvgate-manager: the fabric manager and its unit. Sourced by packages/build in a subshell.
here=$PACKAGES/manager
lib=/usr/lib/nvgate

put_jars "$lib/manager" "$here/jars"
put 644 "$ROOT/mgmt-api/src/main/dist/manager.jvm" "$lib/manager/manager.jvm"
put 755 "$here/nvgate-manager" /usr/sbin/nvgate-manager
put 644 "$ROOT/mgmt-api/src/main/dist/manager.yaml" /etc/nvgate/manager.yaml
put 644 "$here/nvgate-manager.service" /usr/lib/systemd/system/nvgate-manager.service
put 644 "$here/sysusers.conf" /usr/lib/sysusers.d/nvgate-manager.conf
put_man "$here/nvgate-manager.8" 8
deb_docs nvgate-manager "$PACKAGES/lib" "$here/lintian-overrides"
put 644 "$here/control" /DEBIAN/control
printf '/etc/nvgate/manager.yaml\n' >"$TREE/DEBIAN/conffiles"
deb_service nvgate-manager nvgate-manager.service nvgate-manager.conf
deb_service_purges /var/lib/nvgate/manager

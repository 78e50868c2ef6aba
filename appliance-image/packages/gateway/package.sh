# shellcheck shell=bash
# nvgate-gateway: the data path, its unit, and what binds NICs to DPDK. Sourced by packages/build in a subshell.
here=$PACKAGES/gateway
lib=/usr/lib/nvgate

put_jars "$lib/gateway" "$here/jars"
put 644 "$ROOT/gateway/src/main/dist/gateway.jvm" "$lib/gateway/gateway.jvm"
put 755 "$here/nvgate-gateway" /usr/sbin/nvgate-gateway
put 755 "$here/nvgate-bind-port" /usr/sbin/nvgate-bind-port
put 755 "$here/prepare" "$lib/gateway/prepare"
put 640 "$here/gateway.yaml" /etc/nvgate/gateway.yaml
put 644 "$here/nvgate-gateway.service" /usr/lib/systemd/system/nvgate-gateway.service
put 644 "$here/nvgate-ports.service" /usr/lib/systemd/system/nvgate-ports.service
put_man "$here/nvgate-gateway.8" 8
put_man "$here/nvgate-bind-port.8" 8
deb_docs nvgate-gateway "$PACKAGES/lib" "$here/lintian-overrides"
put 644 "$here/control" /DEBIAN/control
printf '/etc/nvgate/gateway.yaml\n' >"$TREE/DEBIAN/conffiles"
deb_service nvgate-gateway nvgate-gateway.service
deb_service_purges /var/lib/nvgate/gateway

# shellcheck shell=bash
# nvgate-host-agent: the agent for KVM hosts with Open vSwitch. Sourced by packages/build in a subshell.
here=$PACKAGES/host-agent
lib=/usr/lib/nvgate-host-agent

put_jars "$lib/lib" "$here/jars"
put_runtime "$lib/runtime" java.base java.logging java.management java.naming java.net.http java.sql java.xml jdk.httpserver \
  jdk.unsupported
put 755 "$here/nvgate-host-agent" /usr/sbin/nvgate-host-agent
put 644 "$here/host-agent.conf" /etc/nvgate/host-agent.conf
put 644 "$here/nvgate-host-agent.service" /usr/lib/systemd/system/nvgate-host-agent.service
put_man "$here/nvgate-host-agent.8" 8
deb_docs nvgate-host-agent "$here"
put 644 "$here/control" /DEBIAN/control
printf '/etc/nvgate/host-agent.conf\n' >"$TREE/DEBIAN/conffiles"
for script in postinst prerm postrm; do put 755 "$here/$script" "/DEBIAN/$script"; done

# shellcheck shell=sh
# Sourced by configure: the machine's size, and the configuration of manager and gateway by the answers.

# Under emulation (QEMU without KVM) compiling costs more than it brings, and QEMU reads an instruction that another CPU is just
# replacing half old, half new (a JVM died of it): there the JVMs compile once, and have a collector that patches no code.
# A KVM guest that hides its hypervisor looks the same: "no" in /data/config/emulated.
java_options() {
  [ "$(systemd-detect-virt)" = qemu ] || return 0
  if [ "$(cat "$DATA/config/emulated" 2>/dev/null || true)" = no ]; then return 0; fi
  echo "this machine is emulated (systemd-detect-virt: qemu): the JVMs compile once and have the serial collector" >&2
  : >"$RUN/emulated"
  for process in manager gateway; do
    options='-XX:TieredStopAtLevel=1 -XX:-UseZGC -XX:+UseSerialGC -XX:-UseCompactObjectHeaders'
    archive=/usr/lib/nvgate/appliance/$process.jsa # of an image that was built with --emulated
    [ ! -e $archive ] || options="$options -XX:SharedArchiveFile=$archive"
    echo "NVGATE_JAVA_OPTIONS=$options" >"$RUN/$process.env"
  done
}

# Of the memory, 2 MiB pages: what the gateway takes, 768 MiB, more on larger machines; none on small ones. Overridden by
# /data/config/hugepages (number of pages).
memory_and_cpus() {
  case $(answer role) in gateway | both) ;; *) return 0 ;; esac
  read -r _ ram _ </proc/meminfo # MemTotal, KiB
  ram=$((ram / 1024))
  if [ "$ram" -ge 16000 ]; then memory=4096; elif [ "$ram" -ge 7000 ]; then memory=1536; elif [ "$ram" -ge 3500 ]; then memory=768
  else memory=256; fi
  pages=$((memory / 2))
  [ ! -s "$DATA/config/hugepages" ] || pages=$(cat "$DATA/config/hugepages")
  for _ in compact again; do
    echo "$pages" >/proc/sys/vm/nr_hugepages
    got=$(cat /proc/sys/vm/nr_hugepages) # not read: dash takes a byte at a time, of which these files have only the first
    [ "$got" -lt "$pages" ] || break
    echo 1 >/proc/sys/vm/compact_memory
  done
  [ "$got" -ge "$pages" ] || echo "hugepages: only $got of $pages"
  echo "$memory" >"$RUN/eal-memory"
  isolate_cpu
}

# From four CPUs on, the worker's is its own from the next boot on: the kernel is told by GRUB, for both slots.
isolate_cpu() {
  cpus=$(nproc --all)
  local_cfg=/boot/esp/grub/local.cfg
  [ "$cpus" -ge 4 ] && last=$((cpus - 1)) &&
    line="set extra=\"isolcpus=managed_irq,domain,$last nohz_full=$last rcu_nocbs=$last irqaffinity=0-$((last - 1))\"" || line='set extra=""'
  mountpoint -q /boot/esp || return 0
  if grep -qs '# by hand' "$local_cfg"; then return 0; fi
  if [ "$cpus" -lt 4 ] && [ ! -e "$local_cfg" ]; then return 0; fi
  [ "$(cat "$local_cfg" 2>/dev/null)" = "$line" ] || printf '%s\n' "$line" >"$local_cfg"
}

# enrolls : true if the gateway here is to join the manager here, and has not done so.
enrolls() {
  [ "$(answer role)" = both ] && [ -z "$(answer join-token)" ] && [ ! -e /var/lib/nvgate/gateway/identity/identity.pem ]
}

# first_start : what the manager does before it serves: the fabric that came with the answers, and the token of the gateway here.
first_start() {
  state=/var/lib/nvgate/manager
  # An older one is void as soon as the manager starts.
  rm -f $state/join-token
  if [ -s "$DATA/config/fabric.yaml" ]; then
    install -m 600 "$DATA/config/fabric.yaml" $state/fabric.yaml.new
    sync $state/fabric.yaml.new
    mv $state/fabric.yaml.new $state/fabric.yaml
    mv "$DATA/config/fabric.yaml" "$DATA/config/fabric.taken.yaml"
  fi
  echo 'first-start:'
  echo "  fabric-file: $state/fabric.yaml"
  if enrolls; then
    printf '  gateway: %s\n  join-token-file: %s/join-token\n' "$(answer node)" $state
    : >"$RUN/enroll"
  fi
}

manager_config() {
  case $(answer role) in manager | both) : >"$RUN/manager" ;; *) return 0 ;; esac
  install -d -m 700 /var/lib/nvgate/manager
  {
    echo "http: {address: 0.0.0.0, port: 443, allowed-hosts: [$(answer hostname)]}"
    echo 'sync: {address: 0.0.0.0}'
    echo 'hyper-v: {address: 0.0.0.0}'
    echo 'state-directory: /var/lib/nvgate/manager'
    if [ -s "$DATA/config/manager-password" ]; then
      install -m 640 -g nvgate-manager "$DATA/config/manager-password" "$RUN/manager-password"
      echo "auth: {mode: required, admin-password-file: $RUN/manager-password}"
    fi
    first_start
    cat "$DATA/config/manager.yaml" 2>/dev/null
  } >/etc/nvgate/manager.yaml
  chown -R nvgate-manager:nvgate-manager /var/lib/nvgate/manager
}

# device ROLE NUMBER : what gateway.yaml calls the port: its PCI address if DPDK can have it, else the Linux interface.
device() {
  set -- "$1" "$2" $(nic "$(answer "$1")")
  [ $# = 5 ] || { echo "$1: no such network interface: $(answer "$1")" >&2; return 1; }
  # The same device names the port for good, under whatever driver it is.
  if [ "$(answer dpdk auto)" = auto ] && [ "$3" != - ] && nvgate-bind-port --force "$3" >&2; then printf '%s' "$3"
  else
    echo "$1: DPDK cannot have $4 ($5): it stays a Linux interface, which is slower" >&2
    printf '[Match]\nMACAddress=%s\n[Network]\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n[Link]\nRequiredForOnline=no\n' "$5" \
      >"/etc/systemd/network/20-$1.network"
    ethtool -K "$4" gro off lro off >/dev/null 2>&1
    ip link set "$4" up promisc on
    printf 'net_af_packet%s,iface=%s' "$2" "$4"
  fi
}

gateway_config() {
  case $(answer role) in gateway | both) ;; *) return 0 ;; esac
  management=$(nic "$(answer management)")
  for role in pa ext; do
    [ -n "$(answer $role)" ] && [ "$(nic "$(answer $role)")" != "$management" ] ||
      { echo "gateway: it needs two ports besides the management interface; $role is '$(answer $role)'"; return 1; }
  done
  pa=$(device pa 0) && ext=$(device ext 1) || return 1
  printf '%s\n%s\n' "pa $pa" "ext $ext" >"$RUN/ports"
  manager=$(answer manager 127.0.0.1)
  case $manager in *:*) port=${manager##*:} manager=${manager%:*} ;; *) port=7250 ;; esac
  {
    printf 'node: %s\nmanager: {host: %s, port: %s}\nhttp: {address: 127.0.0.1, port: 9465}\n' "$(answer node)" "$manager" "$port"
    printf 'ports:\n  pa: {device: "%s", mtu: %s}\n  ext: {device: "%s"}\n' "$pa" "$(answer pa-mtu 1542)" "$ext"
    grep -qs '^eal:' "$DATA/config/gateway.yaml" || eal
    cat "$DATA/config/gateway.yaml" 2>/dev/null
  } >/etc/nvgate/gateway.yaml
  install -d -m 700 /var/lib/nvgate/gateway
  token=$(answer join-token)
  [ -z "$token" ] || [ -e /var/lib/nvgate/gateway/identity/identity.pem ] ||
    (umask 077 && printf '%s\n' "$token" >/var/lib/nvgate/gateway/join-token)
}

# Small machines get smaller tables, so that manager and gateway have room.
eal() {
  memory=256 idle=
  [ ! -s "$RUN/eal-memory" ] || read -r memory <"$RUN/eal-memory"
  # Emulated, a worker that looks for packets takes half a CPU from those who start beside it.
  [ ! -e "$RUN/emulated" ] || idle=', idle: {polls: 50, sleep-micros-max: 2000}'
  if [ "$memory" -ge 768 ]; then printf 'eal: {memory-mib: %s}\n' "$memory"
  else
    printf 'eal: {memory-mib: %s, packet-buffers: 8191}\n' "$memory"
    grep -qs '^worker:' "$DATA/config/gateway.yaml" ||
      echo "worker: {flows-max: 65536, nat-addresses-max: 64, next-hops-max: 4096, vsids-max: 1024, fragmented-max: 1024$idle}"
  fi
}

#!/usr/bin/env bash
# A virtualization host of the demo: a namespace with an Open vSwitch of its own (userspace datapath), and tenant VMs,
# each a namespace with one veth into the host's tenant bridge. Flows, PAs and tunnels are the host agent's work.
# See README.md for the picture.
set -Eeuo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$HERE/lib.sh"

SCHEMA=${OVS_SCHEMA:-/usr/share/openvswitch/vswitch.ovsschema}

usage() { cat <<'EOF'
usage:
  host.sh up NAME --prefix PFX [--wire IF@NETNS] [--pa-mac MAC] [--pa-mtu BYTES] [--mgmt ADDRESS/LEN]
       NAME is 1-5 characters [a-z0-9]. Its uplink goes into PFX's PA network (network.sh up), or with --wire its far end,
       named IF, is left in NETNS ("-" is the root namespace). --mgmt gives it an address on the management bridge.
  host.sh vm HOST VM NICID MAC CA/LEN DEFGW --prefix PFX [--mtu BYTES]
       VM is 1-8 characters; DEFGW may be "-"; the MTU is 1500 unless the PA network is too small for it
  host.sh vm-move VM HOST --prefix PFX    re-plug it there; its namespace and its TCP connections stay
  host.sh vm-down VM --prefix PFX
  host.sh agent-config NAME --prefix PFX --manager ADDRESS [--node NAME] [--http-port PORT]   an agent.yaml on stdout
  host.sh down NAME --prefix PFX          the host and the VMs on it; may be repeated

Namespaces: PFX+NAME for a host, PFX+vm-+VM for a VM: "ip netns exec NAMESPACE COMMAND" runs inside.
EOF
}

ovs_dir() { printf '%s/host-%s' "$S" "$1"; }
vsctl() { local host=$1; shift; ovs-vsctl --db="unix:$(ovs_dir "$host")/run/db.sock" --timeout=20 "$@"; }
host_exists() { netns_exists "$PFX$1" && [ -e "$(ovs_dir "$1")/run/db.sock" ]; }

up() {
  local name=$1
  [[ $name =~ ^[a-z0-9]{1,5}$ ]] || usage_error "NAME must be 1-5 characters [a-z0-9], not '$name'"
  need_tools ip ethtool flock ovsdb-tool ovsdb-server ovs-vswitchd ovs-vsctl
  [ -r "$SCHEMA" ] || die "no Open vSwitch schema at $SCHEMA (set OVS_SCHEMA)"
  [ -c /dev/net/tun ] || die "/dev/net/tun is missing: the userspace datapath needs it"
  netns_exists "$PFX$name" && die "host '$name' is up already; first: $0 down $name --prefix $PFX"
  UNDO="take_down $name"
  make_netns "$PFX$name"
  # The kernel sees every frame that Open vSwitch reads from the uplink and must not answer for it.
  ip netns exec "$PFX$name" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.default.arp_ignore=1 \
    net.ipv4.ip_forward=0 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
  make_uplink "$name"
  [ -z "$MGMT" ] || make_management "$name"
  start_switch "$name"
  make_bridges "$name"
  UNDO=''
}

make_uplink() {
  local name=$1 far ns mtu=$PA_MTU
  if [ -n "$WIRE" ]; then
    far=${WIRE%%@*} ns=${WIRE#*@}
    make_veth "$PFX$name" uplink "$ns" "$far" "${mtu:-1600}"
  else
    netns_exists "${PFX}pa" || die "there is no PA network of prefix '$PFX': network.sh up $PFX, or give --wire"
    mtu=${mtu:-$(<"$S/pa-mtu")}
    make_veth "${PFX}pa" "$name" "$PFX$name" uplink "$mtu"
    ip -n "${PFX}pa" link set dev "$name" master br0
  fi
}

make_management() {
  local bridge=${PFX}mgmt
  ip link show dev "$bridge" >/dev/null 2>&1 || die "there is no management bridge $bridge: network.sh up $PFX"
  make_veth - "${PFX}m-$1" "$PFX$1" mgmt0 1500
  ip link set dev "${PFX}m-$1" master "$bridge"
  ip -n "$PFX$1" address add "$MGMT" dev mgmt0
}

start_switch() {
  local name=$1 dir pid
  dir=$(ovs_dir "$name")
  record dir "$dir"
  mkdir -p "$dir"/{run,log,db}
  export OVS_RUNDIR=$dir/run OVS_LOGDIR=$dir/log OVS_DBDIR=$dir/db
  ovsdb-tool create "$dir/db/conf.db" "$SCHEMA"
  ip netns exec "$PFX$name" ovsdb-server -vconsole:off "$dir/db/conf.db" --remote="punix:$dir/run/db.sock" \
    --unixctl="$dir/run/ovsdb.ctl" --pidfile="$dir/run/ovsdb-server.pid" --log-file="$dir/log/ovsdb-server.log" \
    --detach --no-chdir 9>&-
  pid=$(<"$dir/run/ovsdb-server.pid")
  record_pid "$pid" "ovsdb-server of $name"
  vsctl "$name" --no-wait init
  ip netns exec "$PFX$name" ovs-vswitchd -vconsole:off "unix:$dir/run/db.sock" --unixctl="$dir/run/ovs-vswitchd.ctl" \
    --pidfile="$dir/run/ovs-vswitchd.pid" --log-file="$dir/log/ovs-vswitchd.log" --detach --no-chdir 9>&-
  pid=$(<"$dir/run/ovs-vswitchd.pid")
  record_pid "$pid" "ovs-vswitchd of $name"
}

# The PA's MAC differs from the uplink's: the kernel then takes no tunnel frame on the uplink for its own.
make_bridges() {
  local name=$1
  vsctl "$name" \
    -- add-br br-prv -- set bridge br-prv datapath_type=netdev "other-config:hwaddr=\"$PA_MAC\"" \
    -- add-port br-prv uplink \
    -- add-br br-vs -- set bridge br-vs datapath_type=netdev fail-mode=secure
  no_offload "$PFX$name" br-prv
  ip -n "$PFX$name" link set dev br-prv up
}

vm() {
  local host=$1 vm=$2 nic=$3 mac=$4 address=$5 gateway=$6 ns pa_mtu mtu=$MTU
  [[ $vm =~ ^[a-z0-9-]{1,8}$ ]] || usage_error "VM must be 1-8 characters [a-z0-9-], not '$vm'"
  host_exists "$host" || die "host '$host' is not up"
  ns=${PFX}vm-$vm
  if [ -z "$mtu" ]; then
    pa_mtu=$(ip -n "$PFX$host" link show dev uplink | sed -n 's/.* mtu \([0-9]*\).*/\1/p')
    mtu=$((pa_mtu - 42 < 1500 ? pa_mtu - 42 : 1500))
  fi
  [ ! -e "$S/vm/$vm" ] || die "VM '$vm' exists already; first: $0 vm-down $vm --prefix $PFX"
  UNDO="vm_down $vm"
  printf '%s %s\n' "$host" "$nic" >"$S/vm/$vm"
  make_netns "$ns"
  # Not in the journal: the VM's namespace takes both ends with it, wherever the other has moved.
  ip -n "$ns" link add name eth0 address "$mac" mtu "$mtu" type veth peer name "v-$vm" mtu "$mtu" netns "$PFX$host"
  no_offload "$ns" eth0
  ip -n "$ns" address add "$address" dev eth0
  ip -n "$ns" link set dev eth0 up
  [ "$gateway" = - ] || ip -n "$ns" route add default via "$gateway" dev eth0 onlink
  plug "$host" "$vm" "$nic"
  UNDO=''
}

plug() {
  local host=$1 port=v-$2 nic=$3
  no_offload "$PFX$host" "$port"
  ip -n "$PFX$host" link set dev "$port" up
  vsctl "$host" --may-exist add-port br-vs "$port" -- set interface "$port" "external-ids:iface-id=\"$nic\""
}

vm_move() {
  local vm=$1 to=$2 from nic
  [ -r "$S/vm/$vm" ] || die "there is no VM '$vm'"
  read -r from nic <"$S/vm/$vm"
  host_exists "$to" || die "host '$to' is not up"
  [ "$from" != "$to" ] || return 0
  vsctl "$from" --if-exists del-port br-vs "v-$vm"
  ip -n "$PFX$from" link set dev "v-$vm" netns "$PFX$to"
  printf '%s %s\n' "$to" "$nic" >"$S/vm/$vm"
  plug "$to" "$vm" "$nic"
}

vm_down() {
  local vm=$1 host nic
  [ -r "$S/vm/$vm" ] || return 0
  read -r host nic <"$S/vm/$vm"
  if host_exists "$host"; then vsctl "$host" --if-exists del-port br-vs "v-$vm"; fi
  remove_matching "^netns ${PFX}vm-$vm\$"
  rm -f "$S/vm/$vm"
}

agent_config() {
  local name=$1 dir
  dir=$(ovs_dir "$name")
  cat <<EOF
node: ${NODE:-$name}
manager:
  address: $MANAGER
state-directory: $dir/agent
http:
  address: ${MGMT%/*}
  port: $HTTP_PORT
ovs:
  database: $dir/run/db.sock
  rundir: $dir/run
  unixctl: $dir/run/ovs-vswitchd.ctl
  tenant-bridge: br-vs
  provider-bridge: br-prv
  provider-interface: uplink
EOF
}

take_down() {
  local name=$1 file host nic
  for file in "$S"/vm/*; do
    [ -e "$file" ] || continue
    read -r host nic <"$file"
    if [ "$host" = "$name" ]; then vm_down "${file##*/}"; fi
  done
  remove_matching "(^pid .* of $name\$)|(^netns $PFX$name\$)|(^link .* ${PFX}m-$name\$)|(^link ${PFX}pa $name\$)|(^link $PFX$name )|(^dir $(ovs_dir "$name")\$)"
  # Nothing else under this prefix: the journal itself goes too.
  [ -s "$S/made" ] || remove_everything
}

# Arguments in any order: words into ARGS, options into variables.
parse() {
  ARGS=() PREFIX='' WIRE='' PA_MAC='' PA_MTU='' MGMT='' MTU='' MANAGER=169.254.77.1 NODE='' HTTP_PORT=9466
  while (($#)); do
    case $1 in --*) (($# >= 2)) || usage_error "$1 needs a value" ;; esac
    case $1 in
      --prefix) PREFIX=$2; shift ;;
      --wire) WIRE=$2; shift ;;
      --pa-mac) PA_MAC=$2; shift ;;
      --pa-mtu) PA_MTU=$2; shift ;;
      --mgmt) MGMT=$2; shift ;;
      --mtu) MTU=$2; shift ;;
      --manager) MANAGER=$2; shift ;;
      --node) NODE=$2; shift ;;
      --http-port) HTTP_PORT=$2; shift ;;
      --*) usage_error "unknown option $1" ;;
      *) ARGS+=("$1") ;;
    esac
    shift
  done
  [ -n "$PREFIX" ] || usage_error "--prefix is required"
  [[ -z $WIRE || $WIRE == *@* ]] || usage_error "--wire takes IF@NETNS"
  use_prefix "$PREFIX"
  # Locally administered, and different for each host.
  [ -n "$PA_MAC" ] || PA_MAC=$(printf '%s' "$PFX${ARGS[0]:-}" | md5sum | sed -E 's/^(..)(..)(..)(..)(..).*/02:\1:\2:\3:\4:\5/')
}

main() {
  local command=${1:-help}
  case $command in
    up | vm | vm-move | vm-down | agent-config | down) shift ;;
    *) usage; [ "$command" = help ] || exit 2; return ;;
  esac
  parse "$@"
  local wanted
  case $command in vm) wanted=6 ;; vm-move) wanted=2 ;; *) wanted=1 ;; esac
  ((${#ARGS[@]} == wanted)) || usage_error "see $0 help"
  if [ "$command" = agent-config ]; then agent_config "${ARGS[0]}"; return; fi
  need_root
  if [ "$command" = down ] && [ ! -d "$S" ]; then return; fi
  lock
  case $command in
    up) up "${ARGS[0]}" ;;
    vm) vm "${ARGS[@]}" ;;
    vm-move) vm_move "${ARGS[@]}" ;;
    vm-down) vm_down "${ARGS[0]}" ;;
    down) take_down "${ARGS[0]}" ;;
  esac
}

main "$@"

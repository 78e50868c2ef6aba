#!/usr/bin/env bash
# The networks around the demo's hosts and gateway, in namespaces. See README.md for the picture.
set -Eeuo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$HERE/lib.sh"

usage() { cat <<'EOF'
usage:
  network.sh up PFX [--pa-mtu BYTES] [--external PREFIX/LEN] [--web PREFIX/LEN] [--mgmt PREFIX/LEN] [--page DIRECTORY]
       the PA network, the physical network with a router and a web server, and the management bridge
  network.sh port PFX pa|external IF[@NETNS]   a veth into that network; its far end, named IF, is left in NETNS (default:
                                               the root namespace), up and without offloads: a port for the gateway
  network.sh down PFX                          everything made under the prefix, hosts and VMs included; may be repeated

--pa-mtu    of the PA network (default 1600; 1542 is the least for tenants with 1500)
--external  the router's address on the gateway's outer network (default 203.0.113.1/24)
--web       the web server's address (default 198.51.100.10/24); the router has the first address of that network
--mgmt      the root namespace's address on the management bridge (default 169.254.77.1/24); the manager must listen there
--page      what the web server serves (default: a page of its own that says who asks)
EOF
}

up() {
  use_prefix "$1"
  shift
  local pa_mtu=1600 external=203.0.113.1/24 web=198.51.100.10/24 mgmt=169.254.77.1/24 page=''
  while (($#)); do
    (($# >= 2)) || usage_error "$1 needs a value"
    case $1 in
      --pa-mtu) pa_mtu=$2 ;;
      --external) external=$2 ;;
      --web) web=$2 ;;
      --mgmt) mgmt=$2 ;;
      --page) page=$2 ;;
      *) usage_error "unknown option $1" ;;
    esac
    shift 2
  done
  need_root
  need_tools ip ethtool flock python3
  lock
  [ ! -s "$S/made" ] || die "prefix '$PFX' is up already; first: $0 down $PFX"
  UNDO=remove_everything
  printf '%s\n' "$pa_mtu" >"$S/pa-mtu"
  printf '%s\n' "$mgmt" >"$S/mgmt"
  make_bridge "${PFX}pa" "$pa_mtu"
  make_bridge "${PFX}phys" 1500
  make_router "$external" "$web"
  make_web_server "$web" "$page"
  make_management "$mgmt"
  UNDO=''
}

# A network is a namespace with one bridge in it.
make_bridge() {
  make_netns "$1"
  ip -n "$1" link add name br0 mtu "$2" type bridge forward_delay 0 mcast_snooping 0
  ip -n "$1" link set dev br0 up
}

# join NETWORK PORT NETNS IF MTU : a veth from the network's bridge to NETNS.
join() {
  make_veth "$1" "$2" "$3" "$4" "$5"
  ip -n "$1" link set dev "$2" master br0
}

make_router() {
  local router=${PFX}rtr
  make_netns "$router"
  ip netns exec "$router" sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
  join "${PFX}phys" rtr "$router" ext 1500
  ip -n "$router" address add "$1" dev ext
  make_netns "${PFX}web"
  make_veth "$router" web "${PFX}web" eth0 1500
  ip -n "$router" address add "$(first_address "$2")/${2#*/}" dev web
}

# The demo's prefixes end at an octet, so the first address ends in .1.
first_address() { printf '%s.1' "${1%.*}"; }

make_web_server() {
  local web=${PFX}web page=$2 pid
  ip -n "$web" address add "$1" dev eth0
  ip -n "$web" route add default via "$(first_address "$1")"
  if [ -z "$page" ]; then page=$S/page; mkdir -p "$page"; fi
  ip netns exec "$web" setsid python3 "$HERE/web.py" "${1%/*}" 80 "$page" >>"$S/web.log" 2>&1 </dev/null 9>&- &
  pid=$!
  record_pid "$pid" web.py
  wait_for 10 "the web server at ${1%/*}" ip netns exec "$web" bash -c "exec 3<>/dev/tcp/${1%/*}/80"
}

# Agents run in their hosts' namespaces and reach the manager over this bridge in the root namespace.
make_management() {
  local bridge=${PFX}mgmt
  ip link show dev "$bridge" >/dev/null 2>&1 && die "interface $bridge exists already"
  record link - "$bridge"
  ip link add name "$bridge" type bridge forward_delay 0 mcast_snooping 0
  sysctl -qw "net.ipv6.conf.$bridge.disable_ipv6=1" 2>/dev/null || true
  ip address add "$1" dev "$bridge"
  ip link set dev "$bridge" up
}

port() {
  use_prefix "$1"
  local network=$2 if=${3%%@*} ns=- mtu=1500
  [[ $3 == *@* ]] && ns=${3#*@}
  need_root
  lock
  case $network in
    pa) network=${PFX}pa mtu=$(<"$S/pa-mtu") ;;
    external) network=${PFX}phys ;;
    *) usage_error "port PFX pa|external IF[@NETNS]" ;;
  esac
  netns_exists "$network" || die "prefix '$PFX' is not up"
  ip_in "$ns" link show dev "$if" >/dev/null 2>&1 && die "interface $if exists already"
  join "$network" "p-${if:0:13}" "$ns" "$if" "$mtu"
}

down() {
  use_prefix "$1"
  need_root
  [ -d "$S" ] || { rm -f "$S.lock"; return 0; }
  lock
  remove_everything
}

case ${1:-} in
  up) (($# >= 2)) || usage_error "up PFX"; shift; up "$@" ;;
  port) (($# == 4)) || usage_error "port PFX pa|external IF[@NETNS]"; shift; port "$@" ;;
  down) (($# == 2)) || usage_error "down PFX"; down "$2" ;;
  *) usage; [ "${1:-help}" = help ] || exit 2 ;;
esac

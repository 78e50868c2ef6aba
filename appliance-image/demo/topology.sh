# shellcheck shell=bash
# Sourced: the demo's machines as network namespaces. Nothing here knows of nvgate; see README.md for the picture.
# Needs: PREFIX (of every namespace and of the one link in the root namespace), STATE, MGMT_NET (first three octets),
# say/die, start/stop. Keeps STATE/namespaces (one line each, in order of making) for exact removal.

PA_MTU=1500  # of the provider network, as on an ordinary switch
VM_MTU=1458  # what NVGRE leaves of it: 14 inner Ethernet + 20 IPv4 + 8 GRE
BIG_FILE_BYTES=$((100 * 1024 * 1024))
SMALL_FILE_BYTES=$((4 * 1024 * 1024))
SLOW_FILE_BYTES=$((30 * 1024)) # served at 1 KiB/s: a connection that lasts

ns() { printf '%s%s' "$PREFIX" "$1"; }
in_ns() { local name=$1; shift; ip netns exec "$(ns "$name")" "$@"; }

# make_ns NAME : a quiet namespace (no IPv6 chatter on the demo's wires).
make_ns() {
  ! ip netns list | awk '{print $1}' | grep -qxF "$(ns "$1")" ||
    die "namespace $(ns "$1") exists already: another demo runs, or one was not removed (ip netns del $(ns "$1"))"
  printf '%s\n' "$1" >>"$STATE/namespaces"
  ip netns add "$(ns "$1")"
  in_ns "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 2>/dev/null || true
  ip -n "$(ns "$1")" link set lo up
}

# wire NS_A IF_A NS_B IF_B [MTU] : a cable. Checksums and segments are made in software at both ends, as on a real wire:
# DPDK and userspace OVS read the frames as they are.
wire() {
  local mtu=${5:-1500} end
  ip -n "$(ns "$1")" link add "$2" mtu "$mtu" type veth peer name "$4" mtu "$mtu" netns "$(ns "$3")"
  for end in "$1 $2" "$3 $4"; do
    # shellcheck disable=SC2086
    set -- $end
    in_ns "$1" ethtool -K "$2" tx off sg off tso off gso off gro off >/dev/null 2>&1 || true
    ip -n "$(ns "$1")" link set "$2" up
  done
}

# switch NS : a namespace that is an Ethernet switch.
make_switch() {
  make_ns "$1"
  ip -n "$(ns "$1")" link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0
  ip -n "$(ns "$1")" link set br0 up
}

# plug SWITCH PORT NS IF [MTU]
plug() {
  wire "$1" "$2" "$3" "$4" "${5:-1500}"
  ip -n "$(ns "$1")" link set "$2" master br0
}

# The management network reaches into the root namespace by one link, so that gateway and hosts find the manager.
make_management() {
  make_switch mgmt
  ip link add "${PREFIX}mgmt" type veth peer name root netns "$(ns mgmt)"
  ip -n "$(ns mgmt)" link set root master br0
  ip -n "$(ns mgmt)" link set root up
  ip addr add "$MGMT_NET.1/24" dev "${PREFIX}mgmt"
  ip link set "${PREFIX}mgmt" up
}

# manage NS LAST_OCTET
manage() {
  plug mgmt "$1" "$1" mgmt
  ip -n "$(ns "$1")" addr add "$MGMT_NET.$2/24" dev mgmt
}

# The physical network: a router, and behind it a web server that says who asked.
make_physical() {
  make_switch router
  ip -n "$(ns router)" addr add 203.0.113.1/24 dev br0
  in_ns router sysctl -qw net.ipv4.ip_forward=1
  make_ns server
  wire router lan server eth0
  ip -n "$(ns router)" addr add 198.51.100.1/24 dev lan
  ip -n "$(ns server)" addr add 198.51.100.80/24 dev eth0
  ip -n "$(ns server)" route add default via 198.51.100.1
  mkdir -p "$STATE/www"
  head -c "$BIG_FILE_BYTES" /dev/urandom >"$STATE/www/big"
  head -c "$SMALL_FILE_BYTES" "$STATE/www/big" >"$STATE/www/small"
  head -c "$SLOW_FILE_BYTES" "$STATE/www/big" >"$STATE/www/slow"
  serve server
  serve_ftp server
}

# serve NS : a web server on port 80; / answers "this is NAME, you are ADDRESS", /slow takes 30 seconds.
serve() {
  local dir=$STATE/nginx-$1
  mkdir -p "$dir"
  chmod 755 "$STATE" "$dir"
  cat >"$dir/nginx.conf" <<CONF
daemon off;
user root;
worker_processes 1;
pid $dir/pid;
error_log $dir/error.log;
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path $dir/body; proxy_temp_path $dir/proxy; fastcgi_temp_path $dir/fastcgi;
  uwsgi_temp_path $dir/uwsgi; scgi_temp_path $dir/scgi;
  default_type text/plain;
  server {
    listen 80;
    listen [::]:80;
    location = / { return 200 "this is $1, you are \$remote_addr\n"; }
    location /big { alias $STATE/www/big; }
    location /small { alias $STATE/www/small; }
    location /slow { alias $STATE/www/slow; limit_rate 1k; }
  }
}
CONF
  start "nginx-$1" ip netns exec "$(ns "$1")" nginx -e "$dir/error.log" -c "$dir/nginx.conf"
  wait_until 300 "the web server of $1" in_ns "$1" curl -sf -o /dev/null http://127.0.0.1/
}

# serve_ftp NS : an anonymous FTP server; files as of the web server, uploads go to incoming/. It takes an active client's
# data connection only to the address that it sees the client have.
serve_ftp() {
  local dir=$STATE/vsftpd-$1
  mkdir -p "$dir/empty" "$STATE/www/incoming"
  chown ftp "$STATE/www/incoming"
  cat >"$dir/vsftpd.conf" <<CONF
listen=YES
background=NO
anonymous_enable=YES
no_anon_password=YES
ftp_username=ftp
anon_root=$STATE/www
write_enable=YES
anon_upload_enable=YES
anon_umask=022
connect_from_port_20=YES
secure_chroot_dir=$dir/empty
seccomp_sandbox=NO
dual_log_enable=YES
log_ftp_protocol=YES
vsftpd_log_file=$dir/vsftpd.log
xferlog_file=$dir/xferlog
CONF
  start "vsftpd-$1" ip netns exec "$(ns "$1")" vsftpd "$dir/vsftpd.conf"
  wait_until 300 "the FTP server of $1" in_ns "$1" curl -sf -o /dev/null ftp://127.0.0.1/
}

make_provider() { make_switch pa; }

# The gateway's machine: one port on each side, no addresses on them (they are nvgate's), a management address.
make_gateway_machine() {
  make_ns gw
  plug pa gw gw pa "$PA_MTU"
  plug router gw gw ext
  manage gw 2
}

# make_host NUMBER : a machine with Open vSwitch of its own, its uplink on the provider network.
make_host() {
  local host=host$1 dir=$STATE/ovs/host$1
  make_ns "$host"
  plug pa "$host" "$host" uplink "$PA_MTU"
  manage "$host" $((10 + $1))
  # The kernel sees what OVS reads from the uplink, too; it must not answer ARP for addresses of other links.
  in_ns "$host" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.default.arp_ignore=1 \
    net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
  mkdir -p "$dir"
  start_ovsdb "$host"
  start_vswitchd "$host"
}

# start_ovsdb HOST : with an empty database, if there is none yet.
start_ovsdb() {
  local host=$1 dir=$STATE/ovs/$1
  [ -e "$dir/conf.db" ] || ovsdb-tool create "$dir/conf.db" /usr/share/openvswitch/vswitch.ovsschema
  start "ovsdb-$host" env OVS_RUNDIR="$dir" ip netns exec "$(ns "$host")" ovsdb-server -vconsole:off -vsyslog:off "$dir/conf.db" \
    --remote="punix:$dir/db.sock" --unixctl="$dir/ovsdb.ctl" --log-file="$dir/ovsdb.log"
  wait_until 300 "the OVS database of $host" ovs-vsctl --db="unix:$dir/db.sock" --no-wait init
}

start_vswitchd() {
  local host=$1 dir=$STATE/ovs/$1
  start "vswitchd-$host" env OVS_RUNDIR="$dir" ip netns exec "$(ns "$host")" ovs-vswitchd -vconsole:off -vsyslog:off "unix:$dir/db.sock" \
    --unixctl="$dir/vswitchd.ctl" --log-file="$dir/vswitchd.log"
  wait_until 300 "Open vSwitch of $host" ovs-appctl -t "$dir/vswitchd.ctl" version
}

# vsctl HOST ARGUMENT...
vsctl() {
  local host=$1
  shift
  ovs-vsctl --db="unix:$STATE/ovs/$host/db.sock" --timeout=20 "$@"
}

# make_vm NAME HOST NIC_ID MAC [ADDRESS/LENGTH DEFAULT_GATEWAY]... : the VM's machine, plugged into its host.
make_vm() {
  local vm=$1 host=$2 nic=$3 mac=$4
  shift 4
  make_ns "$vm"
  wire "$host" "$vm" "$vm" eth0 "$VM_MTU"
  ip -n "$(ns "$vm")" link set eth0 address "$mac"
  plug_vm "$vm" "$host" "$nic"
  while (($#)); do
    address "$vm" "$1" "$2"
    shift 2
  done
}

# address NS ADDRESS/LENGTH DEFAULT_GATEWAY : on eth0; IPv6 is switched on with the first IPv6 address.
address() {
  [[ $2 != *:* ]] || in_ns "$1" sysctl -qw net.ipv6.conf.eth0.accept_ra=0 net.ipv6.conf.eth0.disable_ipv6=0
  ip -n "$(ns "$1")" addr add "$2" dev eth0
  ip -n "$(ns "$1")" route add default via "$3" dev eth0
}

# plug_vm NAME HOST NIC_ID : what a hypervisor does when the VM starts on the host.
plug_vm() {
  vsctl "$2" -- --may-exist add-port br-vs "$1" -- set interface "$1" external_ids:iface-id="$3"
}

# move_vm NAME FROM TO NIC_ID : as a live migration looks to the network. The VM's end of the cable stays as it is, the
# other end goes to the other host.
move_vm() {
  vsctl "$2" -- --if-exists del-port br-vs "$1"
  ip -n "$(ns "$2")" link set "$1" netns "$(ns "$3")"
  ip -n "$(ns "$3")" link set "$1" up
  plug_vm "$1" "$3" "$4"
}

remove_topology() {
  local name pid
  [ -e "$STATE/namespaces" ] || return 0
  ip link del "${PREFIX}mgmt" 2>/dev/null || true
  while read -r name; do
    for pid in $(ip netns pids "$(ns "$name")" 2>/dev/null); do # what people left running in there
      kill -TERM "$pid" 2>/dev/null || true
    done
    ip netns del "$(ns "$name")" 2>/dev/null || true
  done < <(tac "$STATE/namespaces")
  rm -f "$STATE/namespaces"
}

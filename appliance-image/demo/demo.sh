# shellcheck shell=bash
# Sourced: the demo as a whole: machines, manager, fabric, gateway, host agents, VMs, and the checks that show it works.
# Needs: ROOT, STATE, PREFIX, MGMT_NET, HTTP_PORT, JDK, CLASSPATH_DIR, EXPORT and WORKERS (may be empty) and the functions of lib/ and demo/.

IPV4=192.168.1.0/24          # what every tenant likes
DUAL_STACK=$IPV4,fd00:1::/64 # and with IPv6
IPV6=fd00:1::/64
NAT64=2001:db8:64::/96
SERVER=198.51.100.80
SERVER_NAT64=2001:db8:64::c633:6450
VMS=(blue1 red1 violet1 blue2 red2 violet2)
FORWARDED_PORT=8080
AF_PACKET_RING=blocksz=65536,framesz=2048,framecnt=4096 # the driver's own ring of 512 frames is short for TCP's bursts

API=http://127.0.0.1:$HTTP_PORT/api/v1
GATEWAY_METRICS=http://$MGMT_NET.2:9465

start_manager() { launch_manager "$MGMT_NET.1" readyz; }

# start_gateway [WORKERS] : the gateway's own number of them, if neither is said.
start_gateway() {
  local workers=${1:-${WORKERS:-}}
  cat >"$STATE/gateway.yaml" <<YAML
node: gw1
manager: {host: $MGMT_NET.1, port: 7250}
state-directory: $STATE/gateway
http: {address: $MGMT_NET.2, port: 9465}
eal: {huge-pages: auto, memory-mib: 256, file-prefix: "${PREFIX}gw"}
ports:
  pa: {device: "net_af_packet0,iface=pa,$AF_PACKET_RING", mtu: $PA_MTU}
  ext: {device: "net_af_packet1,iface=ext,$AF_PACKET_RING", mtu: 1500}
YAML
  [ -z "$workers" ] || printf 'workers: %s\n' "$workers" >>"$STATE/gateway.yaml"
  [ -z "${EXPORT:-}" ] || cat >>"$STATE/gateway.yaml" <<YAML
export:
  active-timeout-seconds: 5
  collectors:
    - {name: flows, protocol: ipfix, address: $EXPORT, template-seconds: 1, what: [sessions, blocks, mappings, flows, events]}
    - {name: events, protocol: syslog, address: $EXPORT, port: 5514, what: [events]}
YAML
  give_token gateways gw1 "$STATE/gateway"
  launch_gateway "$STATE/gateway.yaml" ip netns exec "$(ns gw)"
  await_ready gateway "$GATEWAY_METRICS/readyz"
}

# start_agent HOST LAST_OCTET
start_agent() {
  local host=$1 dir=$STATE/ovs/$1
  cat >"$STATE/agent-$host.yaml" <<YAML
node: $host
manager: {host: $MGMT_NET.1, port: 7250}
state-directory: $STATE/agent-$host
http: {address: $MGMT_NET.$2, port: 9466}
ovs: {rundir: $dir, database: $dir/db.sock, unixctl: $dir/vswitchd.ctl, provider-interface: uplink}
YAML
  give_token hosts "$host" "$STATE/agent-$host"
  start "agent-$host" env OVS_RUNDIR="$dir" ip netns exec "$(ns "$host")" "$JDK/bin/java" -Xmx96m -XX:+UseSerialGC \
    -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp "$CLASSPATH_DIR/*" \
    net.nvgate.fabric.ovs.HostAgentMain --config "$STATE/agent-$host.yaml"
  await_ready "agent-$host" "http://$MGMT_NET.$2:9466/readyz"
}

# make_vms : a namespace for each VM of the fabric, as the fabric says.
make_vms() {
  local vm host subnet nic mac address address6
  while read -r vm host subnet nic mac address address6; do
    # shellcheck disable=SC2046
    make_vm "$vm" "$(api GET "/hosts/$host" | jq -r .name)" "$nic" "$mac" \
      $(api GET "/vm-subnets/$subnet" | jq -r --arg address "$address" --arg address6 "$address6" \
        '"\($address)/\(.prefix | split("/")[1])", .defaultGateway,
         (select(.prefix6) | "\($address6)/\(.prefix6 | split("/")[1])", .defaultGateway6)')
  done < <(api GET /vms | jq -r '.items[] | [.name, .hostId, (.nics[0] | .vmSubnetId, .id, .mac, .address, .address6)] | @tsv')
}

start_vms() {
  make_vms
  serve blue1
  serve violet2
  serve_ftp blue2
}

# served VM : true when the host's agent answers the VM's ARP or ND for its default gateways, so its port is programmed.
served() {
  local router
  for router in $(in_ns "$1" bash -c 'ip route show default; ip -6 route show default' | sed -n 's/^default via \([^ ]*\).*/\1/p'); do
    in_ns "$1" ping -c 1 -W 1 -q "$router" >/dev/null 2>&1 || true # the distributed router answers no ping
    ip -n "$(ns "$1")" neigh show "$router" dev eth0 | grep -q lladdr || return 1
  done
}

# caught_up : true when gateway and hosts run by the newest revision.
caught_up() {
  api GET /fabric | jq -e '[.gateways[], .hosts[]] | length == 3 and all(.connected and .appliedRevision >= .desiredRevision)' >/dev/null
}

make_machines() {
  say "making the machines: 2 hosts, a provider network, a gateway, a physical network"
  make_management
  make_provider
  make_physical
  make_gateway_machine
  make_host 1
  make_host 2
}

start_demo() {
  make_machines
  say "starting the manager"
  start_manager
  say "making the fabric through the API: provider and external networks, hosts, gateway, tenants blue, red and violet"
  make_infrastructure
  make_classes
  make_tenant blue $DUAL_STACK host1 host2
  make_tenant red $DUAL_STACK host1 host2
  make_tenant violet $IPV6 host1 host2
  make_nat64 blue $NAT64
  make_nat64 violet $NAT64
  make_port_forward blue web $FORWARDED_PORT 192.168.1.3 80
  make_port_forward blue ftp 21 192.168.1.4 21
  say "starting the gateway and the host agents"
  start_gateway
  start_agent host1 11
  start_agent host2 12
  say "starting the VMs"
  start_vms
  wait_until 300 "policy on gateway and hosts" caught_up || { show_log gateway; show_log agent-host1; return 1; }
  local vm
  for vm in "${VMS[@]}"; do wait_until 300 "the switch port of $vm" served "$vm"; done
}

external_address() { field nat-connections "$1-nat" .externalAddress; }

# check WHAT COMMAND... : one line, and what the command printed.
check() {
  local what=$1 output
  shift
  if output=$("$@" 2>&1); then ok "$what${output:+: $output}"
  else bad "$what: $output"; FAILURES=$((FAILURES + 1)); fi
}

ping_from() { in_ns "$1" ping -c 3 -i 0.2 -W 20 -q "$2" | sed -n 's/^rtt.*= \([0-9.]*\)\/\([0-9.]*\).*/\2 ms/p'; [ "${PIPESTATUS[0]}" = 0 ]; }
list_by_ftp() { in_ns "$1" curl -sSl --max-time 60 "${@:3}" "ftp://$2/" | xargs; [ "${PIPESTATUS[0]}" = 0 ]; }
fetch_from() { in_ns "$1" curl -sf --max-time 60 "http://$2/"; }

check_demo() {
  FAILURES=0
  say "does it work?"
  local vm
  for vm in blue1 red1 blue2 red2; do
    check "$vm pings the server" ping_from "$vm" $SERVER
    check "$vm fetches its page" fetch_from "$vm" $SERVER
  done
  check "blue1 pings blue2 over NVGRE" ping_from blue1 192.168.1.4
  check "violet1 (IPv6 only) pings violet2 over NVGRE" ping_from violet1 fd00:1::4
  check "violet1 pings the server through NAT64" ping_from violet1 $SERVER_NAT64
  check "violet1 fetches its page through NAT64" fetch_from violet1 "[$SERVER_NAT64]"
  check "blue1 lists the server's files by active FTP" list_by_ftp blue1 $SERVER -P - --disable-eprt
  check "red1 lists them by passive FTP" list_by_ftp red1 $SERVER
  check "the server lists the files of blue2's FTP server by port forward" list_by_ftp server "$(external_address blue)"
  check "the server reaches blue1's web server by port forward" fetch_from server "$(external_address blue):$FORWARDED_PORT"
  ((!FAILURES))
}

describe_demo() {
  cat <<TEXT

${BOLD}nvgate is running.${PLAIN}

  web UI           http://127.0.0.1:$HTTP_PORT/
  documentation    http://127.0.0.1:$HTTP_PORT/docs/
  API contract     http://127.0.0.1:$HTTP_PORT/openapi.yaml
  metrics          http://127.0.0.1:$HTTP_PORT/metrics   $GATEWAY_METRICS/metrics
  logs             $STATE/log/

Look around (each VM is a namespace; blue1 and red1 both are 192.168.1.3):

  ip netns exec $(ns blue1) curl http://$SERVER/          # answered to $(external_address blue)
  ip netns exec $(ns red1) curl http://$SERVER/           # answered to $(external_address red)
  ip netns exec $(ns server) curl http://$(external_address blue):$FORWARDED_PORT/   # port forward into blue1
  ip netns exec $(ns violet1) curl http://[$SERVER_NAT64]/   # IPv6 only, through NAT64
  ip netns exec $(ns blue1) curl -P - ftp://$SERVER/         # active FTP
  ip netns exec $(ns host1) tcpdump -ni uplink proto gre   # NVGRE on the wire
  $ROOT/appliance-image/demo/ctl $STATE move blue1 host2     # live migration; connections stay
  curl -s http://127.0.0.1:$HTTP_PORT/api/v1/gateways/$(id_of gateways gw1)/lookup-records | jq

TEXT
}

# shellcheck shell=bash
# Sourced: makes the demo's fabric through the public API only, in the order an administrator walks.
# Needs: API (base URL, .../api/v1), say/die. Every object's id is read back by name, nothing is remembered.

# api METHOD PATH [JSON] : prints the answer; a problem+json answer is an error with its detail.
api() {
  local method=$1 path=$2 body=${3:-} answer status
  answer=$(curl -sS --max-time 20 -X "$method" -w '\n%{http_code}' ${body:+-H 'Content-Type: application/json' --data "$body"} "$API$path") ||
    { printf 'the manager does not answer at %s\n' "$API" >&2; return 1; }
  status=${answer##*$'\n'}
  answer=${answer%$'\n'*}
  if [[ $status != 2* ]]; then
    printf '%s %s: %s %s\n' "$method" "$path" "$status" "$(jq -r '.detail // .title // .' <<<"$answer" 2>/dev/null || printf '%s' "$answer")" >&2
    return 1
  fi
  printf '%s' "$answer"
}

# create KIND JSON : prints the new object's id.
create() { api POST "/$1" "$2" | jq -r .id; }

# id_of KIND NAME
id_of() { api GET "/$1?name=$2" | jq -er '.items[0].id'; }

# field KIND NAME JQ
field() { api GET "/$1?name=$2" | jq -er ".items[0]$3"; }

# The provider side (host PAs, the gateway's PA) and the physical side (the gateway's and the tenants' external addresses).
make_infrastructure() {
  local hnv external site pa_pool external_site external_pool host
  hnv=$(create logical-networks '{"name": "hnv", "networkVirtualization": true}')
  site=$(create network-sites "{\"name\": \"hnv-site\", \"logicalNetworkId\": \"$hnv\", \"subnets\": [{\"prefix\": \"10.10.10.0/24\"}]}")
  pa_pool=$(create ip-pools "{\"name\": \"pa-pool\", \"networkSiteId\": \"$site\", \"prefix\": \"10.10.10.0/24\", \"rangeStart\": \"10.10.10.9\", \"rangeEnd\": \"10.10.10.200\"}")
  external=$(create logical-networks '{"name": "external", "networkVirtualization": false}')
  external_site=$(create network-sites "{\"name\": \"external-site\", \"logicalNetworkId\": \"$external\", \"subnets\": [{\"prefix\": \"203.0.113.0/24\"}]}")
  external_pool=$(create ip-pools "{\"name\": \"external-pool\", \"networkSiteId\": \"$external_site\", \"prefix\": \"203.0.113.0/24\", \"rangeStart\": \"203.0.113.10\", \"rangeEnd\": \"203.0.113.200\", \"defaultGateways\": [\"203.0.113.1\"]}")
  for host in host1 host2; do
    create hosts "{\"name\": \"$host\", \"hostType\": \"LINUX_OVS\", \"paPoolId\": \"$pa_pool\"}" >/dev/null
  done
  create gateways "{\"name\": \"gw1\", \"paPoolId\": \"$pa_pool\", \"externalPoolId\": \"$external_pool\"}" >/dev/null
}

# What VMs may choose their bandwidth by. Of hosts that say nothing of their switches the switch is everybody's; the profiles say nothing yet.
make_classes() {
  local uplink profile ports='' class
  uplink=$(create uplink-port-profiles '{"name": "uplink"}')
  for class in normal preferred; do
    profile=$(create port-profiles "{\"name\": \"$class\"}")
    ports="$ports${ports:+, }{\"portClassificationId\": \"$(create port-classifications "{\"name\": \"$class\"}")\", \"portProfileId\": \"$profile\"}"
  done
  create logical-switches "{\"name\": \"switch\", \"uplinkPortProfileIds\": [\"$uplink\"], \"virtualPorts\": [$ports]}" >/dev/null
}

# in_prefix PREFIX NUMBER : an address of the prefix, which ends in .0/LENGTH or ::/LENGTH.
in_prefix() {
  local network=${1%/*}
  printf '%s%s' "${network%.0}" "$([[ $1 == *:* ]] || printf .)$2"
}

# make_tenant NAME PREFIXES HOST... : a VM network with a subnet, a gateway with NAT, and a VM on each host. PREFIXES: of the
# subnet, one or IPv4,IPv6. The first VM is of the class "normal", the others are "preferred".
make_tenant() {
  local tenant=$1 prefix=${2%,*} prefix6=${2#*,} network subnet attachment host number=0 class=normal
  shift 2
  [ "$prefix6" != "$prefix" ] || prefix6=''
  network=$(create vm-networks "{\"name\": \"$tenant\", \"logicalNetworkId\": \"$(id_of logical-networks hnv)\"}")
  subnet=$(create vm-subnets "{\"name\": \"$tenant-subnet\", \"vmNetworkId\": \"$network\", \"prefix\": \"$prefix\"${prefix6:+, \"prefix6\": \"$prefix6\"}}")
  attachment=$(create vm-network-gateways "{\"name\": \"$tenant-gateway\", \"vmNetworkId\": \"$network\", \"gatewayId\": \"$(id_of gateways gw1)\"}")
  create nat-connections "{\"name\": \"$tenant-nat\", \"vmNetworkGatewayId\": \"$attachment\"}" >/dev/null
  for host in "$@"; do
    number=$((number + 1))
    create vms "{\"name\": \"$tenant$number\", \"hostId\": \"$(id_of hosts "$host")\", \"nics\": [{\"name\": \"eth0\", \"vmSubnetId\": \"$subnet\", \"address\": \"$(in_prefix "$prefix" $((number + 2)))\"${prefix6:+, \"address6\": \"$(in_prefix "$prefix6" $((number + 2)))\"}, \"portClassificationId\": \"$(id_of port-classifications "$class")\"}]}" >/dev/null
    class=preferred
  done
}

# make_foreign_host NAME : a host that follows no policy of ours.
make_foreign_host() {
  create hosts "{\"name\": \"$1\", \"hostType\": \"HYPER_V\", \"paPoolId\": \"$(id_of ip-pools pa-pool)\"}" >/dev/null
}

# make_nat64 TENANT PREFIX : IPv4 servers are at PREFIX with the IPv4 address in the last 32 bits.
make_nat64() {
  api PATCH "/vm-network-gateways/$(id_of vm-network-gateways "$1-gateway")" "{\"nat64Prefix\": \"$2\"}" >/dev/null
}

# make_port_forward TENANT NAME EXTERNAL_PORT ADDRESS PORT
make_port_forward() {
  create nat-rules "{\"name\": \"$1-$2\", \"natConnectionId\": \"$(id_of nat-connections "$1-nat")\", \"protocol\": \"TCP\", \"externalPort\": $3, \"internalAddress\": \"$4\", \"internalPort\": $5}" >/dev/null
}

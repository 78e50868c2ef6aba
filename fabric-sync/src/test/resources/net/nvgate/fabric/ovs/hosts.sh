#!/usr/bin/env bash
# Two real hosts on a provider network for HostAgentNetnsTest, made by the demo's topology.
#
#   hosts.sh up                                               host1 and host2, each with an Open vSwitch of its own
#   hosts.sh make_vm NAME HOST NIC_ID MAC ADDRESS/LENGTH DEFAULT_GATEWAY
#   hosts.sh address NAME ADDRESS/LENGTH DEFAULT_GATEWAY      one more
#   hosts.sh move_vm NAME FROM TO NIC_ID
#   hosts.sh serve NAME                                       a web server in the VM
#   hosts.sh restart_vswitchd HOST                            as an upgrade does: its ports and flows are made anew
#   hosts.sh empty_database HOST                              ovsdb-server starts with nothing in it
#   hosts.sh down                                             everything it made; may be repeated, also after half an "up"
# Environment: IMAGE (directory appliance-image), STATE (directory of its own), PREFIX.
set -Eeuo pipefail

MGMT_NET=198.18.3
for part in lib/ui lib/process demo/topology; do . "$IMAGE/$part.sh"; done

up() {
  mkdir -p "$STATE"
  # The agents run in the test, so that the management network needs no link into the root namespace.
  make_switch mgmt
  make_provider
  make_host 1
  make_host 2
}

down() {
  stop_all
  remove_topology
  rm -rf "$STATE"
}

restart_vswitchd() {
  stop "vswitchd-$1"
  start_vswitchd "$1"
}

empty_database() {
  stop "ovsdb-$1"
  rm -f "$STATE/ovs/$1/conf.db"
  start_ovsdb "$1"
}

case ${1:-} in
  restart_vswitchd | empty_database | up | down | make_vm | address | move_vm | serve) "$@" ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

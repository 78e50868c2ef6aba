# shellcheck shell=bash
# Sourced: nvgate on real ports, manager and gateway side by side on this machine.
# Needs: ROOT, STATE, PA, EXT, MTU, CONFIG, MANAGER, MANAGER_CONFIG, HTTP_PORT, JDK, CLASSPATH_DIR.

NEEDS_PLAIN="run asks the manager's API at http://127.0.0.1:$HTTP_PORT without login: leave http and auth out of the manager's configuration, but for http.port, or start the manager by itself (mgmt-api/README.md)"

# dpdk_device ROLE DEVICE : what the gateway's configuration calls it.
dpdk_device() {
  local number
  case $1 in pa) number=0 ;; *) number=1 ;; esac
  if [[ $2 =~ ^([0-9a-fA-F]{4}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-7]$ || $2 == net_* ]]; then printf '%s' "$2"
  elif [ -e "/sys/class/net/$2" ]; then printf 'net_af_packet%s,iface=%s' "$number" "$2"
  else die "--$1 $2: no PCI address, no network interface of this machine, and no DPDK vdev (net_...)"; fi
}

# prepare_interface IF : the kernel must hand over frames as they came. What is changed is noted for restore_interfaces.
prepare_interface() {
  local feature
  [ -e "/sys/class/net/$1" ] || return 0
  for feature in generic-receive-offload large-receive-offload; do
    if ethtool -k "$1" 2>/dev/null | grep -q "^$feature: on\$"; then
      ethtool -K "$1" "$feature" off >/dev/null && printf '%s %s\n' "$1" "$feature" >>"$STATE/offloads"
    fi
  done
  ip link set "$1" up
}

restore_interfaces() {
  local interface feature
  [ -e "$STATE/offloads" ] || return 0
  while read -r interface feature; do
    ethtool -K "$interface" "$feature" on >/dev/null 2>&1 || true
  done <"$STATE/offloads"
  rm -f "$STATE/offloads"
}

make_configuration() {
  local pa ext
  [ -n "$PA" ] && [ -n "$EXT" ] || die "give both --pa and --ext, or --config"
  pa=$(dpdk_device pa "$PA")
  ext=$(dpdk_device ext "$EXT")
  prepare_interface "$PA"
  prepare_interface "$EXT"
  CONFIG=$STATE/gateway.yaml
  cat >"$CONFIG" <<YAML
node: gw1
manager: {host: 127.0.0.1, port: 7250}
state-directory: $STATE/gateway
http: {address: 127.0.0.1, port: 9465}
ports:
  pa: {device: "$pa", mtu: $MTU}
  ext: {device: "$ext"}
YAML
}

# configured KEY [DEFAULT] : a value at the top level of the gateway's configuration.
configured() {
  local value
  value=$(sed -n "s/^$1: *[\"']\{0,1\}\([^\"'#]*[^\"'# ]\).*/\1/p" "$CONFIG" | head -1)
  printf '%s' "${value:-${2:-}}"
}

# metrics_address : where the gateway says it listens, whatever its configuration; fails until it has said so.
metrics_address() { grep -oE 'metrics on http://[^ ,]+' "$STATE/log/gateway.log" | tail -1 | cut -d/ -f3 | grep .; }

start_on_ports() {
  [ -n "$CONFIG" ] || make_configuration
  [ -r "$CONFIG" ] || die "cannot read $CONFIG"
  if [ -n "$MANAGER_CONFIG" ]; then
    [ -r "$MANAGER_CONFIG" ] || die "cannot read $MANAGER_CONFIG"
  fi
  rm -f "$STATE"/log/*.log
  if ((MANAGER)); then
    say "starting the manager"
    launch_manager 127.0.0.1 healthz
    if [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$HTTP_PORT/api/v1/fabric")" = 401 ]; then die "$NEEDS_PLAIN"; fi
  fi
  say "starting the gateway"
  ((!MANAGER)) || give_token gateways "$(configured node)" "$(configured state-directory /var/lib/nvgate/gateway)"
  launch_gateway "$CONFIG"
  local deadline=$((SECONDS + 300))
  until metrics_address >/dev/null; do
    if ! running gateway || ((SECONDS >= deadline)); then show_log gateway; die "the gateway did not start"; fi
    sleep 0.2
  done
  await_ready gateway "http://$(metrics_address)/healthz"
  cat <<TEXT

${BOLD}nvgate is running.${PLAIN} State: $STATE

  gateway metrics  http://$(metrics_address)/metrics
TEXT
  if ((MANAGER)); then
    cat <<TEXT
  web UI           http://127.0.0.1:$HTTP_PORT/
  manager metrics  http://127.0.0.1:$HTTP_PORT/metrics

Now make the fabric through the API (mgmt-api/README.md walks through it); the gateway object must bear the name in
$CONFIG.
TEXT
  fi
  echo
}

# shellcheck shell=bash
# Sourced: nvgate on real ports, manager and gateway side by side on this machine.
# Needs: ROOT, STATE, PA, EXT, CONFIG, HTTP_PORT, JDK, CLASSPATH_DIR.

# dpdk_device ROLE DEVICE : what the gateway's configuration calls it.
dpdk_device() {
  local number
  case $1 in pa) number=0 ;; *) number=1 ;; esac
  if [[ $2 =~ ^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$ || $2 == net_* ]]; then printf '%s' "$2"
  elif [ -e "/sys/class/net/$2" ]; then printf 'net_af_packet%s,iface=%s' "$number" "$2"
  else die "--$1 $2: no PCI address, no network interface of this machine, and no DPDK vdev (net_...)"; fi
}

start_on_ports() {
  if [ -z "$CONFIG" ]; then
    [ -n "$PA" ] && [ -n "$EXT" ] || die "give both --pa and --ext, or --config"
    local pa ext device
    pa=$(dpdk_device pa "$PA") && ext=$(dpdk_device ext "$EXT")
    for device in "$PA" "$EXT"; do
      if [ -e "/sys/class/net/$device" ]; then
        ip link set "$device" up
        # Frames must carry whole checksums and fit the wire when DPDK reads them.
        ethtool -K "$device" gro off lro off >/dev/null 2>&1 || true
      fi
    done
    CONFIG=$STATE/gateway.yaml
    cat >"$CONFIG" <<YAML
node: gw1
manager: {host: 127.0.0.1, port: 7250}
state-directory: $STATE/gateway
http: {address: 127.0.0.1, port: 9465}
ports:
  pa: {device: "$pa"}
  ext: {device: "$ext"}
YAML
  fi
  cat >"$STATE/manager.yaml" <<YAML
http: {address: 127.0.0.1, port: $HTTP_PORT}
sync: {address: 127.0.0.1, port: 7250}
state-directory: $STATE/manager
YAML
  say "starting the manager"
  start manager "$JDK/bin/java" "@$ROOT/mgmt-api/src/main/dist/manager.jvm" -cp "$CLASSPATH_DIR/*" \
    net.nvgate.mgmt.ManagerMain --config "$STATE/manager.yaml"
  await_ready manager "http://127.0.0.1:$HTTP_PORT/healthz"
  say "starting the gateway"
  start gateway "$JDK/bin/java" "@$ROOT/gateway/src/main/dist/gateway.jvm" -cp "$CLASSPATH_DIR/*" \
    net.nvgate.gateway.GatewayMain --config "$CONFIG"
  await_ready gateway http://127.0.0.1:9465/healthz
  cat <<TEXT

${BOLD}nvgate is running.${PLAIN} State: $STATE

  web UI           http://127.0.0.1:$HTTP_PORT/
  metrics          http://127.0.0.1:$HTTP_PORT/metrics   http://127.0.0.1:9465/metrics

Now make the fabric through the API (mgmt-api/README.md walks through it); the gateway object must bear the name in
$CONFIG.

TEXT
}

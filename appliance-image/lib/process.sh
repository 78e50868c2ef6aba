# shellcheck shell=bash
# Sourced: long-running processes by pid file, never by name.
# Needs: STATE (a directory of this run); to launch nvgate's own also ROOT, JDK, CLASSPATH_DIR, HTTP_PORT. Keeps STATE/pid/NAME ("PID STARTTIME") and STATE/log/NAME.log.

# Field 22 of /proc/PID/stat tells a process from a later one with the same number; empty if gone or a zombie.
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set -- $stat
  [[ $1 == [ZX] ]] || printf '%s' "${20}"
}

# running NAME
running() {
  local pid start
  [ -r "$STATE/pid/$1" ] && read -r pid start <"$STATE/pid/$1" && [ -n "$start" ] && [ "$(start_time "$pid")" = "$start" ]
}

pid_of() { cut -d' ' -f1 "$STATE/pid/$1"; }

# start NAME COMMAND... : in the background, output appended to its log. COMMAND must exec what it starts.
start() {
  local name=$1 pid
  shift
  mkdir -p "$STATE/pid" "$STATE/log"
  setsid "$@" >>"$STATE/log/$name.log" 2>&1 </dev/null &
  pid=$!
  printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$STATE/pid/$name"
}

# stop NAME [SIGNAL] : asks, waits up to 10 s, then insists.
stop() {
  local name=$1 signal=${2:-TERM} pid tries
  if running "$name"; then
    pid=$(pid_of "$name")
    kill -"$signal" "$pid" 2>/dev/null || true
    for ((tries = 0; tries < 600; tries++)); do
      running "$name" || break
      sleep 0.1
    done
    if running "$name"; then
      printf '%s (pid %s) did not stop in a minute: killing it\n' "$name" "$pid" >&2
      kill -KILL "$pid" 2>/dev/null || true
      while running "$name"; do sleep 0.05; done
    fi
  fi
  rm -f "$STATE/pid/$name"
}

stop_all() {
  local file
  for file in "$STATE"/pid/*; do
    if [ -e "$file" ]; then stop "${file##*/}"; fi
  done
}

# await_ready NAME URL : until the URL answers; shows the log when the process ends or five minutes have passed.
await_ready() {
  local deadline=$((SECONDS + 300))
  until curl -sf -o /dev/null --max-time 10 "$2"; do
    if ! running "$1" || ((SECONDS >= deadline)); then
      printf '%s did not become ready\n' "$1" >&2
      show_log "$1"
      return 1
    fi
    sleep 0.1
  done
}

# show_log NAME : the end of a log, for a failure message.
show_log() {
  printf -- '--- last lines of %s\n' "$STATE/log/$1.log" >&2
  tail -25 "$STATE/log/$1.log" >&2 || true
}

# launch_manager SYNC_ADDRESS PAGE : writes its configuration, unless there is a MANAGER_CONFIG, starts it, waits until it
# answers at PAGE (healthz, readyz).
launch_manager() {
  local config=${MANAGER_CONFIG:-$STATE/manager.yaml}
  [ -n "${MANAGER_CONFIG:-}" ] || cat >"$config" <<YAML
http: {address: 127.0.0.1, port: $HTTP_PORT}
sync: {address: $1, port: 7250}
state-directory: $STATE/manager
YAML
  start manager "$JDK/bin/java" "@$ROOT/mgmt-api/src/main/dist/manager.jvm" -cp "$CLASSPATH_DIR/*" \
    net.nvgate.mgmt.ManagerMain --config "$config"
  if [ -n "${MANAGER_CONFIG:-}" ]; then
    until grep -qs ' listens on http' "$STATE/log/manager.log" || ! running manager; do sleep 0.1; done
    if grep -q ' listens on https' "$STATE/log/manager.log"; then die "$NEEDS_PLAIN"; fi
  fi
  await_ready manager "http://127.0.0.1:$HTTP_PORT/$2"
}

# give_token KIND NAME DIRECTORY : a join token for a node that has no identity yet, where the node looks for it: its state
# directory. KIND: gateways, hosts. Tokens are secrets: they are in no argument and no log.
give_token() {
  [ ! -e "$3/identity/identity.pem" ] || return 0
  mkdir -p "$3"
  (umask 077 && curl -sS --max-time 20 --fail-with-body -H 'Content-Type: application/json' \
    --data "{\"kind\": \"$1\", \"name\": \"$2\"}" "http://127.0.0.1:$HTTP_PORT/api/v1/join-tokens" | jq -er .token >"$3/join-token")
}

# launch_gateway CONFIG [PREFIX_COMMAND...] : starts it, with the AOT cache of STATE if there is one.
launch_gateway() {
  local config=$1
  shift
  start gateway "$@" env JAVA_HOME="$JDK" NVGATE_LIB="$CLASSPATH_DIR" NVGATE_AOT="$STATE/gateway.aot" \
    "$ROOT/gateway/src/main/dist/gateway" --config "$config"
}

# train_gateway : makes that cache, if there is none or an old one.
train_gateway() {
  say "training the gateway's JVM"
  JAVA_HOME=$JDK NVGATE_LIB=$CLASSPATH_DIR "$ROOT/gateway/src/main/dist/train" --if-stale "$STATE/gateway.aot"
}

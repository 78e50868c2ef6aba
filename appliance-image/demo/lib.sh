# shellcheck shell=bash
# Sourced by network.sh and host.sh: a journal of everything made under one prefix, so that exactly that is removed.
#
# State of prefix PFX is in $NVGATE_DEMO_STATE/PFX (default /tmp/nvgate-demo):
#   made        one line for each thing, last made removed first:
#                 netns NAME | link NETNS IF | pid PID STARTTIME WHAT | dir PATH     (NETNS "-" is the root namespace)
#   vm/NAME     where a VM is: "HOST NICID MAC CA/LEN DEFGW"
#   HOST/       run, log and db of that host's Open vSwitch

STATE_ROOT=${NVGATE_DEMO_STATE:-/tmp/nvgate-demo}

die() { printf '%s: error: %s\n' "${0##*/}" "$*" >&2; exit 1; }
usage_error() { printf '%s: usage: %s\n' "${0##*/}" "$*" >&2; exit 2; }

# A command that makes things sets UNDO before and empties it when done: whatever ends the shell in between undoes it.
UNDO=''
on_exit() {
  local rc=$? undo=$UNDO
  UNDO=''
  if ((rc)) && [ -n "$undo" ]; then $undo || true; fi
  return $rc
}
trap on_exit EXIT

# use_prefix PFX : every name made starts with it. Interface names have 15 characters, so a prefix has few.
use_prefix() {
  PFX=$1
  [[ $PFX =~ ^[a-z][a-z0-9-]{0,5}$ ]] || usage_error "the prefix must be 1-6 characters [a-z0-9-], not '$PFX'"
  S=$STATE_ROOT/$PFX
}

need_root() { [ "$(id -u)" = 0 ] || die "must run as root (network namespaces)"; }

need_tools() {
  local tool missing=()
  for tool in "$@"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  ((${#missing[@]} == 0)) || die "not installed: ${missing[*]}"
}

# One run at a time for a prefix. Daemons must not inherit the lock: start them with 9>&-.
lock() {
  mkdir -p "$S/vm"
  exec 9>"$S.lock"
  flock -w 60 9 || die "another command works on prefix '$PFX' (waited 60 s)"
}

record() { printf '%s\n' "$*" >>"$S/made"; }
forget() { # forget LINE : the thing is gone
  grep -vxF -- "$*" "$S/made" >"$S/made.new" || true
  mv "$S/made.new" "$S/made"
}

netns_exists() { [ -e "/run/netns/$1" ]; }
in_ns() { local ns=$1; shift; if [ "$ns" = - ]; then "$@"; else ip netns exec "$ns" "$@"; fi; }
ip_in() { local ns=$1; shift; if [ "$ns" = - ]; then ip "$@"; else ip -n "$ns" "$@"; fi; }

# make_netns NAME : with loopback up and IPv6 off, which keeps the wire quiet.
make_netns() {
  netns_exists "$1" && die "namespace $1 exists and is not in $S/made: not ours, or its record was lost (ip netns del $1)"
  record netns "$1"
  ip netns add "$1"
  ip -n "$1" link set lo up
  ip netns exec "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 2>/dev/null || true
}

# make_veth NETNS IF NETNS2 IF2 MTU : both ends up, without the offloads that a userspace datapath cannot finish.
make_veth() {
  local ns=$1 if=$2 ns2=$3 if2=$4 mtu=$5 target
  [ "$ns2" = - ] && target=$$ || target=$ns2
  # Recorded in the namespace where the name is surely ours; the other end goes with it.
  record link "$ns" "$if"
  ip_in "$ns" link add name "$if" mtu "$mtu" type veth peer name "$if2" mtu "$mtu" netns "$target"
  no_offload "$ns" "$if"
  no_offload "$ns2" "$if2"
  ip_in "$ns" link set dev "$if" up
  ip_in "$ns2" link set dev "$if2" up
}

# Checksums are filled in and segments are cut by the sender, since the receiver reads raw frames.
no_offload() {
  local feature
  for feature in tx rx sg tso gso gro; do
    in_ns "$1" ethtool -K "$2" "$feature" off >/dev/null 2>&1 || true
  done
}

# Field 22 of /proc/PID/stat tells a process from a later one with the same number; empty if gone or a zombie.
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set -- $stat
  [[ $1 == [ZX] ]] || printf '%s' "${20}"
}

alive() { [ -n "$1" ] && [ -n "$2" ] && [ "$(start_time "$1")" = "$2" ]; }
record_pid() { record pid "$1" "$(start_time "$1")" "$2"; }

stop_pid() { # PID STARTTIME WHAT
  local tries
  alive "$1" "$2" || return 0
  kill -TERM "$1" 2>/dev/null || true
  for ((tries = 0; tries < 50; tries++)); do alive "$1" "$2" || return 0; sleep 0.1; done
  printf '%s (pid %s) did not stop in 5 s: killing it\n' "$3" "$1" >&2
  kill -KILL "$1" 2>/dev/null || true
  for ((tries = 0; tries < 20; tries++)); do alive "$1" "$2" || return 0; sleep 0.1; done
  return 1
}

remove() { # one line of the journal; done already is done
  local kind=$1 a=$2 b=${3:-} c=${4:-} pid
  case $kind in
    pid) stop_pid "$a" "$b" "$c" ;;
    link)
      if { [ "$a" = - ] || netns_exists "$a"; } && ip_in "$a" link show dev "$b" >/dev/null 2>&1; then
        ip_in "$a" link del dev "$b"
      fi ;;
    netns)
      netns_exists "$a" || return 0
      for pid in $(ip netns pids "$a" 2>/dev/null); do stop_pid "$pid" "$(start_time "$pid")" "a process in $a" || return 1; done
      ip netns del "$a" ;;
    dir) rm -rf -- "${a:?}" ;;
  esac
}

# remove_matching REGEX : removes what the journal's matching lines name, last made first.
remove_matching() {
  local line rc=0
  [ -f "$S/made" ] || return 0
  while IFS= read -r line; do
    # shellcheck disable=SC2086
    if remove $line; then forget "$line"; else printf 'could not remove: %s\n' "$line" >&2; rc=1; fi
  done < <(tac "$S/made" | grep -E -- "$1")
  return $rc
}

remove_everything() {
  [ -d "$S" ] || return 0
  remove_matching '.' || die "not everything of '$PFX' could be removed; see $S/made"
  rm -rf -- "$S" "$S.lock"
  rmdir -- "$STATE_ROOT" 2>/dev/null || true
}

# wait_for SECONDS WHAT COMMAND...
wait_for() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || die "$what did not happen in time"
    sleep 0.1
  done
}

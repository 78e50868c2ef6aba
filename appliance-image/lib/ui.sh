# shellcheck shell=bash
# Sourced: how the scripts speak to people.

if [ -t 1 ]; then BOLD=$'\e[1m' GREEN=$'\e[32m' RED=$'\e[31m' DIM=$'\e[2m' PLAIN=$'\e[0m'
else BOLD='' GREEN='' RED='' DIM='' PLAIN=''; fi

say() { printf '%s==>%s %s\n' "$BOLD" "$PLAIN" "$*"; }
ok() { printf '  %sok%s    %s\n' "$GREEN" "$PLAIN" "$*"; }
bad() { printf '  %sFAIL%s  %s\n' "$RED" "$PLAIN" "$*"; }
note() { printf '  %s%s%s\n' "$DIM" "$*" "$PLAIN"; }
die() { printf '%serror:%s %s\n' "$RED" "$PLAIN" "$*" >&2; exit 1; }

# wait_until SECONDS WHAT COMMAND... : runs COMMAND until it succeeds; fails with a message when the time is up.
wait_until() {
  local seconds=$1 what=$2 deadline
  shift 2
  deadline=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || { printf '%serror:%s %s did not happen within %s s\n' "$RED" "$PLAIN" "$what" "$seconds" >&2; return 1; }
    sleep 0.2
  done
}

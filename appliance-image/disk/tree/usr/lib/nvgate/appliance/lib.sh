# shellcheck shell=sh
# Sourced by all of the appliance's scripts: where things are, and what was answered.
DATA=${NVGATE_DATA:-/data}
ANSWERS=$DATA/config/answers
RUN=${NVGATE_RUN:-/run/nvgate}

# Every key that an answer may have, and what it must look like (extended regular expression). Documented in docs/first-boot.md.
KEYS='
role                manager|gateway|both
hostname            [A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?
management          ([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-7]
address             dhcp|[0-9A-Fa-f.:]+/[0-9]{1,3}
gateway             [0-9A-Fa-f.:]+
dns                 [0-9A-Fa-f.:]+( [0-9A-Fa-f.:]+)*
ntp                 [A-Za-z0-9.:-]+( [A-Za-z0-9.:-]+)*
pa                  ([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-7]
ext                 ([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-7]
pa-mtu              [0-9]{3,4}
dpdk                auto|off
node                [A-Za-z0-9][A-Za-z0-9._-]{0,62}
manager             [A-Za-z0-9.:-]+
join-token          [A-Za-z0-9._~+/=-]+
admin-password      .{12,128}
ssh-key             (ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+( .*)?
syslog              (udp|tcp|tls)://[A-Za-z0-9.:-]+
timezone            [A-Za-z0-9/_+-]+
'

answer() { # KEY [DEFAULT]
  _value=$(sed -n "s/^$1: *//p" "$ANSWERS" 2>/dev/null | tail -1)
  printf '%s' "${_value:-${2:-}}"
}

# set_answer KEY VALUE : replaces it in one step, so that a power cut leaves the old or the new. An empty value is none.
set_answer() {
  mkdir -p "${ANSWERS%/*}"
  touch "$ANSWERS"
  (umask 077 && { grep -v "^$1: " "$ANSWERS" || true; [ -z "$2" ] || printf '%s: %s\n' "$1" "$2"; } >"$ANSWERS.new")
  sync "$ANSWERS.new" && mv "$ANSWERS.new" "$ANSWERS"
}

# take_answers SOURCE : reads "key: value" lines from stdin; what is unknown or malformed is told and left out.
take_answers() {
  while IFS= read -r _line || [ -n "$_line" ]; do
    _line=$(printf '%s' "$_line" | tr -d '\r')
    case $_line in '' | '#'* | '---') continue ;; esac
    _key=${_line%%:*}
    _text=$(printf '%s' "${_line#*:}" | sed 's/^ *//; s/ *$//; s/^"\(.*\)"$/\1/')
    _form=$(printf '%s' "$KEYS" | sed -n "s/^$(printf '%s' "$_key" | tr -cd 'a-z-')  *//p" | head -1)
    if [ -z "$_form" ]; then echo "$1: unknown key '$_key'" >&2
    elif [ -z "$_text" ]; then :
    elif printf '%s' "$_text" | grep -qxE "$_form"; then set_answer "$_key" "$_text"
    else echo "$1: '$_key' is not what it should be" >&2; fi # never the value: it may be a secret
  done
}

slot() { sed -n 's/.*nvgate\.slot=\([AB]\).*/\1/p' /proc/cmdline; }
version() { sed -n 's/^VERSION_ID=//p' /usr/lib/os-release; }

# nics : "PCI-ADDRESS NAME MAC" of physical network interfaces (- where there is no PCI, as on Hyper-V), in the order of their names.
nics() {
  for _net in "${NVGATE_SYS:-/sys}"/class/net/*; do
    [ -e "$_net/device" ] || continue
    _pci=$(readlink -f "$_net/device" | grep -oE '[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]' | tail -1)
    echo "${_pci:--} ${_net##*/} $(cat "$_net/address")"
  done | sort -k1,1 -k2,2V
}

# nic WHAT : the line of nics that has this MAC or PCI address.
nic() { _what=$(printf '%s' "$1" | tr 'A-F' 'a-f'); nics | awk -v w="$_what" '$1 == w || $3 == w {print; exit}'; }

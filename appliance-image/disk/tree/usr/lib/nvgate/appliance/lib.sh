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

# Without a program started where the shell can do it: under emulation each costs a tenth of a second, and at a boot they were hundreds.
CR=$(printf '\r')

answer() { # KEY [DEFAULT]
  _value=
  if [ -r "$ANSWERS" ]; then
    while IFS= read -r _line || [ -n "$_line" ]; do
      case $_line in "$1:"*) _value=${_line#"$1:"} _value=${_value#"${_value%%[! ]*}"} ;; esac
    done <"$ANSWERS"
  fi
  printf '%s' "${_value:-${2:-}}"
}

# answers_with KEY VALUE ANSWERS : these answers with that one replaced, or without it if the value is empty.
answers_with() {
  printf '%s\n' "$3" | while IFS= read -r _line; do
    case $_line in '' | "$1: "*) ;; *) printf '%s\n' "$_line" ;; esac
  done
  [ -z "$2" ] || printf '%s: %s\n' "$1" "$2"
}

# all_answers : as they are now.
all_answers() {
  [ ! -r "$ANSWERS" ] || while IFS= read -r _line || [ -n "$_line" ]; do printf '%s\n' "$_line"; done <"$ANSWERS"
}

# keep_answers ANSWERS : in one step, so that a power cut leaves the old or the new.
keep_answers() {
  mkdir -p "${ANSWERS%/*}"
  (umask 077 && { [ -z "$1" ] || printf '%s\n' "$1"; } >"$ANSWERS.new")
  sync "$ANSWERS.new" && mv "$ANSWERS.new" "$ANSWERS"
}

# set_answer KEY VALUE : an empty value is none.
set_answer() { keep_answers "$(answers_with "$1" "$2" "$(all_answers)")"; }

# form_of KEY : the regular expression of its values, nothing if there is no such key.
form_of() {
  printf '%s' "$KEYS" | while read -r _name _pattern; do
    [ "$_name" != "$1" ] || { printf '%s' "$_pattern"; break; }
  done
}

# take_answers SOURCE : reads "key: value" lines from stdin; what is unknown or malformed is told and left out.
take_answers() {
  _all=$(all_answers)
  while IFS= read -r _line || [ -n "$_line" ]; do
    _line=${_line%"$CR"}
    case $_line in '' | '#'* | '---') continue ;; esac
    _key=${_line%%:*} _text=${_line#*:}
    _text=${_text#"${_text%%[! ]*}"} _text=${_text%"${_text##*[! ]}"}
    case $_text in '"'*'"') _text=${_text#'"'} _text=${_text%'"'} ;; esac
    _form=$(form_of "$_key")
    if [ -z "$_key" ] || [ -z "$_form" ]; then echo "$1: unknown key '$_key'" >&2
    elif [ -z "$_text" ]; then :
    elif printf '%s' "$_text" | grep -qxE "$_form"; then _all=$(answers_with "$_key" "$_text" "$_all")
    else echo "$1: '$_key' is not what it should be" >&2; fi # never the value: it may be a secret
  done
  keep_answers "$_all"
}

slot() {
  read -r _line </proc/cmdline
  case $_line in *nvgate.slot=A*) echo A ;; *nvgate.slot=B*) echo B ;; esac
}
version() {
  while IFS= read -r _line; do case $_line in VERSION_ID=*) echo "${_line#VERSION_ID=}" ;; esac; done </usr/lib/os-release
}

# pci_of PATH : the last PCI address in a path of /sys.
pci_of() {
  _rest=$1 _pci=
  while [ -n "$_rest" ]; do
    case ${_rest##*/} in ????:??:??.?) _pci=${_rest##*/}; break ;; esac
    case $_rest in */*) _rest=${_rest%/*} ;; *) break ;; esac
  done
  printf '%s' "${_pci:--}"
}

# nics : "PCI-ADDRESS NAME MAC" of physical network interfaces (- where there is no PCI, as on Hyper-V), in the order of their names.
nics() {
  for _net in "${NVGATE_SYS:-/sys}"/class/net/*; do
    [ -e "$_net/device" ] || continue
    read -r _mac <"$_net/address"
    echo "$(pci_of "$(cd -P "$_net/device" && pwd)") ${_net##*/} $_mac"
  done | sort -k1,1 -k2,2V
}

# nic WHAT : the line of nics, or of NICS if somebody has kept that, that has this MAC or PCI address, in either case of its letters.
nic() {
  _what=$1
  case $_what in *[A-F]*) _what=$(printf '%s' "$1" | tr 'A-F' 'a-f') ;; esac
  printf '%s\n' "${NICS:-$(nics)}" | while read -r _pci _name _mac; do
    case $_what in "$_pci" | "$_mac") echo "$_pci $_name $_mac"; break ;; esac
  done
}

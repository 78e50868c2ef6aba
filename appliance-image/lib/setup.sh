# shellcheck shell=bash
# Sourced by run and test: installs what the machine lacks, finds a JDK 25 and a fitting Node.js, builds.
# Needs: ROOT (the checkout), say/die from lib/ui.sh.

JDK_FEATURE=25
NODE_MIN=20          # the web UI's build tool needs it; Debian 12 has 18
NODE_VERSION=22.20.0 # taken from the npm registry where the machine has none

# What processes need, and what building needs.
PACKAGES_RUN=(dpdk openvswitch-switch iproute2 ethtool procps curl jq)
PACKAGES_BUILD=(maven libdpdk-dev gcc pkg-config)
# What only building the disk image needs.
PACKAGES_IMAGE=(mmdebstrap gpgv debian-archive-keyring squashfs-tools-ng squashfs-tools cryptsetup-bin mtools dosfstools e2fsprogs fdisk
  grub-pc-bin grub-common rauc qemu-utils uuid-runtime openssl git xorriso cpio zstd)
# What only the tests and the demo need.
PACKAGES_DEMO=(nginx-light vsftpd iputils-ping iperf3)
PACKAGES_TEST=(tshark tcpdump nfdump prometheus chromium libpcap0.8 traceroute iputils-tracepath tnftp)
# To boot the image.
PACKAGES_BOOT=(qemu-system-x86 ovmf openssh-client)

need_root() {
  [ "$(id -u)" = 0 ] || die "must run as root (network namespaces, DPDK): sudo $0"
}

# install_packages PACKAGE... : only what is missing; starts no service of the packages.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null || die "these packages are missing, and this is no Debian or Ubuntu: ${missing[*]}"
  say "installing ${missing[*]}"
  (install_quietly "${missing[@]}") || die "apt-get could not install: ${missing[*]}"
}

# In a subshell of its own, so that whatever ends it, the policy file goes: with it no package would start its service.
install_quietly() {
  policy=/usr/sbin/policy-rc.d made='' # not local: the trap runs when the function is over
  log=$(mktemp)
  trap 'rm -f "$log" $made' EXIT
  trap 'exit 130' INT TERM HUP
  if [ ! -e "$policy" ]; then
    made=$policy
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
  fi
  export DEBIAN_FRONTEND=noninteractive
  { apt-get install -y --no-install-recommends "$@" ||
    { apt-get update && apt-get install -y --no-install-recommends "$@"; }; } >"$log" 2>&1 </dev/null ||
    { tail -20 "$log" >&2; exit 1; }
}

# The tests' etcd: the machine's own, or Debian's package unpacked into the user's cache, for installing it would start a
# service at the next boot. Without it the tests that need it say that they are skipped.
setup_etcd() {
  local own=$HOME/.cache/nvgate/etcd download
  if command -v etcd >/dev/null || [ -x "$own/usr/bin/etcd" ]; then return; fi
  say "fetching etcd-server for the tests"
  download=$(mktemp -d)
  chmod 755 "$download" # apt fetches as a user of its own
  # shellcheck disable=SC2015
  (cd "$download" && { apt-get download etcd-server || { apt-get update && apt-get download etcd-server; }; }) \
    >/dev/null 2>&1 && mkdir -p "$own" && dpkg-deb -x "$download"/etcd-server_*.deb "$own" ||
    say "no etcd-server here: tests with etcd are skipped"
  rm -rf "$download"
}

# find_jdk : prints the home of a JDK of the right feature release, or fails.
find_jdk() {
  local release
  for release in ${JAVA_HOME:+"$JAVA_HOME/release"} /usr/lib/jvm/*/release /opt/*/release; do
    [ -r "$release" ] && grep -q "^JAVA_VERSION=\"${JDK_FEATURE}[.\"]" "$release" || continue
    [ -x "${release%/release}/bin/javac" ] && { printf '%s\n' "${release%/release}"; return; }
  done
  return 1
}

setup_jdk() {
  if ! JDK=$(find_jdk); then
    local package=openjdk-$JDK_FEATURE-jdk-headless
    [ -n "$(apt-cache policy "$package" 2>/dev/null | sed -n 's/ *Candidate: *\([^(].*\)/\1/p')" ] ||
      { apt-get update >/dev/null 2>&1 || true; }
    if [ -n "$(apt-cache policy "$package" 2>/dev/null | sed -n 's/ *Candidate: *\([^(].*\)/\1/p')" ]; then
      install_packages "$package"
    fi
    JDK=$(find_jdk) || die "no JDK $JDK_FEATURE found under /usr/lib/jvm, and this release's apt has no $package.
  Get one of these, then run this command again:
    Debian 13 / Ubuntu 25.10 and later:  apt-get install $package
    older releases, Eclipse Temurin:     add the Adoptium apt repository (https://adoptium.net/installation/linux/),
                                         then  apt-get install temurin-$JDK_FEATURE-jdk
    or unpack any JDK $JDK_FEATURE to /usr/lib/jvm/jdk-$JDK_FEATURE"
  fi
  JAVA=$JDK/bin/java
}

node_major() { "$1" --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p'; }

# A Node.js that can build the UI: the machine's own, or one from the npm registry kept in the user's cache.
setup_node() {
  local own=$HOME/.cache/nvgate/node
  if [ "$(node_major node || true)" -ge "$NODE_MIN" ] 2>/dev/null && command -v npm >/dev/null; then return; fi
  if [ ! -x "$own/node_modules/.bin/node" ]; then
    command -v npm >/dev/null || install_packages nodejs npm
    if [ "$(node_major node || true)" -ge "$NODE_MIN" ] 2>/dev/null; then return; fi
    say "installing Node.js $NODE_VERSION beside the machine's own"
    mkdir -p "$own"
    npm install --silent --no-save --prefix "$own" "node@$NODE_VERSION" >/dev/null ||
      die "npm could not install node@$NODE_VERSION into $own"
  fi
  PATH=$own/node_modules/.bin:$PATH
}

# build [MAVEN ARGUMENT...] : all modules; a line for each, so that a long first build shows that it lives.
build() {
  say "building (the first time fetches dependencies; some minutes)"
  local log=$ROOT/appliance-image/target/build.log
  mkdir -p "${log%/*}"
  local rc=0
  (cd "$ROOT" && JAVA_HOME=$JDK mvn -B -ntp "$@" </dev/null 2>&1) |
    tee "$log" |
    sed -u -n -E 's/^\[INFO\] Building (nvgate [a-z-]+).*\[([0-9]+\/[0-9]+)\]/  [\2] \1/p
      s/^.*Tests run: ([0-9]+),.*Time elapsed: ([0-9.]+) s.* -- in (.*)/        \3: \1 tests, \2 s/p; s/^(\[ERROR\].*)/\1/p' || rc=$?
  ((!rc)) || die "the build failed: $log"
  CLASSPATH_DIR=$ROOT/appliance-image/target/lib
}

# built : true if every jar is newer than every source.
built() {
  local stamp=$ROOT/appliance-image/target/built
  CLASSPATH_DIR=$ROOT/appliance-image/target/lib
  [ -e "$stamp" ] || return 1
  [ -z "$(find "$ROOT"/pom.xml "$ROOT"/*/pom.xml "$ROOT"/*/src -newer "$stamp" \
    -not -path '*/node_modules/*' -not -path '*/src/test/*' -print -quit)" ]
}

build_if_needed() {
  if built; then return; fi
  setup_node
  mkdir -p "$ROOT/appliance-image/target"
  : >"$ROOT/appliance-image/target/building" # as old as the sources that go into this build
  build -DskipTests package
  mv "$ROOT/appliance-image/target/building" "$ROOT/appliance-image/target/built"
}

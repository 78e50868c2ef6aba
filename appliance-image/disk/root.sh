# shellcheck shell=bash
# Sourced by image: the root file system, from Debian's packages and ours.
# Needs: ROOT, DISK, WORK, VERSION, JDK, SOURCE_DATE_EPOCH, CERTIFICATE, EMULATED.

MIRROR=${NVGATE_MIRROR:-http://deb.debian.org/debian}
SECURITY_MIRROR=${NVGATE_SECURITY_MIRROR:-http://deb.debian.org/debian-security}
SUITE=bookworm

lines_of() { sed 's/#.*//; /^[[:space:]]*$/d' "$1"; }

# Not compressed: the image compresses it all, and better.
make_packages() {
  rm -rf "$WORK/debs"
  NVGATE_DEB_COMPRESSION=none NVGATE_JLINK_COMPRESSION=zip-0 "$ROOT/appliance-image/packages/build" --no-setup \
    --output "$WORK/debs" runtime gateway manager cli >/dev/null
  VERSION=${VERSION:-$(dpkg-deb -f "$WORK"/debs/nvgate-runtime_*.deb Version)}
  step "packages of version $VERSION"
}

# What the machine's apt has for transport (proxies, clocks) holds for this one, too.
apt_options() {
  apt-config dump | grep -E '^Acquire::(http|https|Check|Retries)[^ ]* "[^"]' || true
  printf '%s\n' 'Acquire::Languages "none";' 'APT::Install-Recommends "false";' 'APT::Sandbox::User "root";'
}

make_tree() {
  rm -rf "$WORK/tree"
  cp -a "$DISK/tree" "$WORK/tree"
  cp "$CERTIFICATE" "$WORK/tree/etc/rauc/keyring.pem"
  find "$WORK/tree" -type d -exec chmod 755 {} +
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$WORK/tree" -cf "$WORK/tree.tar" .
}

make_root() {
  local options=() option exclude
  make_tree
  while read -r option; do options+=("--aptopt=$option"); done < <(apt_options)
  while read -r exclude; do options+=("--dpkgopt=path-exclude=${exclude/#K\///lib/modules/*/kernel/}"); done < <(lines_of "$DISK/excludes")
  rm -rf "$WORK/rootfs.tar" "$WORK/signed-debs"
  mkdir "$WORK/signed-debs"
  # INITRD: ours is made once, at the end.
  INITRD=No mmdebstrap --mode=root --variant=essential --components=main "${options[@]}" \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' --include="$(lines_of "$DISK/packages" | xargs | tr ' ' ',')" \
    --customize-hook="cd '$WORK/signed-debs' && APT_CONFIG=\"\$MMDEBSTRAP_APT_CONFIG\" apt-get download shim-signed shim-helpers-amd64-signed grub-efi-amd64-signed" \
    --customize-hook="$DISK/customize \"\$1\" '$WORK/tree.tar' '$WORK/debs' '$VERSION' $EMULATED" \
    --customize-hook="cat \"\$1\"/boot/vmlinuz-* >'$WORK/vmlinuz'; cat \"\$1\"/boot/initrd.img-* >'$WORK/initrd.img'" \
    --customize-hook="cp \"\$1\"/usr/lib/nvgate/appliance/manifest.tsv '$WORK/'; rm -rf \"\$1\"/boot/vmlinuz* \"\$1\"/boot/initrd* \"\$1\"/vmlinuz* \"\$1\"/initrd*" \
    "$SUITE" "$WORK/rootfs.tar" "deb $MIRROR $SUITE main" "deb $MIRROR $SUITE-updates main" "deb $SECURITY_MIRROR $SUITE-security main" \
    >"$WORK/mmdebstrap.log" 2>&1 || { tail -30 "$WORK/mmdebstrap.log" >&2; die "the root file system could not be made"; }
  bill_of_materials
  step "root file system, $(($(stat -c %s "$WORK/rootfs.tar") / 1000000)) MB; kernel $(($(stat -c %s "$WORK/vmlinuz") / 1000000)) MB, initramfs $(($(stat -c %s "$WORK/initrd.img") / 1000000)) MB"
}

# The bill of materials, beside the image and in it: what manifest.tsv says is known when the root is made, so it is added to the archive.
bill_of_materials() {
  local at=usr/lib/nvgate/appliance/sbom.cdx.json
  (. "$ROOT/appliance-image/packages/lib/deb.sh" && put_bill_of_materials nvgate-appliance "$WORK/sbom.cdx.json" "$WORK/manifest.tsv")
  [ -s "$WORK/sbom.cdx.json" ] || return 0
  mkdir -p "$WORK/sbom/${at%/*}"
  cp "$WORK/sbom.cdx.json" "$WORK/sbom/$at"
  tar --append --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$WORK/sbom" -f "$WORK/rootfs.tar" "./$at"
}

# Squashfs with its dm-verity tree behind it: ROOT_HASH, HASH_OFFSET. (sqfstar 4.5.1 takes no level for zstd.)
make_verity() {
  local salt uuid
  rm -f "$WORK/root.img"
  tar2sqfs -q -f -c zstd -X level=9 -b 256K -j "$(nproc)" "$WORK/root.img" <"$WORK/rootfs.tar" 2>"$WORK/tar2sqfs.log"
  truncate -s %1M "$WORK/root.img"
  HASH_OFFSET=$(stat -c %s "$WORK/root.img")
  salt=$(printf 'nvgate-%s' "$VERSION" | sha256sum | cut -c1-64)
  uuid=$(uuidgen --sha1 --namespace @dns --name "verity.$VERSION")
  ROOT_HASH=$(veritysetup format "$WORK/root.img" "$WORK/root.img" --hash-offset="$HASH_OFFSET" --salt="$salt" --uuid="$uuid" |
    awk '/Root hash/ {print $3}')
  truncate -s %1M "$WORK/root.img"
  step "root image $((HASH_OFFSET / 1000000)) MB, root hash $ROOT_HASH"
}

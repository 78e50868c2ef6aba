# shellcheck shell=bash
# Sourced by image: the medium (CD or USB stick, UEFI and BIOS) that writes the disk image to a disk of a bare machine.
# Needs: DISK, WORK, VERSION, KEY, CERTIFICATE, SOURCE_DATE_EPOCH; WORK has rootfs.tar, vmlinuz, initrd.img, disk.raw, signed/.

# What the installer has beyond the initramfs of the appliance: programs, their libraries, and the medium's file system.
INSTALLER_FILES=(./usr/bin/openssl ./usr/bin/zstd './usr/lib/x86_64-linux-gnu/libssl.so.3' './usr/lib/x86_64-linux-gnu/libcrypto.so.3'
  './usr/lib/x86_64-linux-gnu/libzstd.so.1*' './usr/lib/x86_64-linux-gnu/liblz4.so.1*' './usr/lib/x86_64-linux-gnu/liblzma.so.5*'
  './usr/lib/x86_64-linux-gnu/libz.so.1*' './usr/lib/modules/*/kernel/fs/isofs/isofs.ko' './usr/lib/modules/*/modules.*')

# The initramfs of the appliance with another /init and a little more: the kernel takes both archives as one.
installer_initrd() {
  local tree=$WORK/installer
  rm -rf "$tree" && mkdir -p "$tree/nvgate" "$tree/dev"
  tar -x -C "$tree" --wildcards -f "$WORK/rootfs.tar" "${INSTALLER_FILES[@]}"
  install -m 755 "$DISK/installer/init" "$tree/init"
  install -m 755 "$DISK/installer/dialog" "$tree/nvgate/dialog"
  openssl x509 -in "$CERTIFICATE" -pubkey -noout >"$tree/nvgate/key.pem"
  mknod -m 600 "$tree/dev/console" c 5 1
  find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  { cat "$WORK/initrd.img"
    (cd "$tree" && find . | sort | cpio --quiet -o -H newc --reproducible -R 0:0 | zstd -q -9); } >"$1"
}

# medium_tree DIRECTORY : the image, what it must be, and whose word that is.
medium_tree() {
  mkdir -p "$1/nvgate" "$1/boot/grub"
  zstd -q -f -9 -T0 "$WORK/disk.raw" -o "$1/nvgate/image.zst"
  {
    printf 'version=%s\nbytes=%s\n' "$VERSION" "$(stat -c %s "$WORK/disk.raw")"
    printf 'sha256=%s\n' "$(sha256sum <"$WORK/disk.raw" | cut -d' ' -f1)"
    printf 'packed=%s\n' "$(sha256sum <"$1/nvgate/image.zst" | cut -d' ' -f1)"
  } >"$1/nvgate/image"
  openssl dgst -sha256 -sign "$KEY" -out "$1/nvgate/image.sig" "$1/nvgate/image"
  cp "$WORK/vmlinuz" "$1/nvgate/vmlinuz"
  installer_initrd "$1/nvgate/initrd.img"
  cp "$DISK/installer/grub.cfg" "$1/boot/grub/grub.cfg"
}

# BIOS: GRUB as El Torito wants it, and in the MBR for who writes the medium to a stick.
medium_bios() {
  printf 'search --no-floppy --set=root --file /nvgate/image\nset prefix=($root)/boot/grub\nconfigfile $prefix/grub.cfg\n' >"$WORK/early-iso.cfg"
  grub-mkimage -O i386-pc-eltorito -o "$1/boot/grub/eltorito.img" -p /boot/grub -c "$WORK/early-iso.cfg" biosdisk iso9660 part_msdos part_gpt \
    search search_fs_file normal configfile linux test echo serial terminal reboot halt ls
}

# UEFI: the loaders that Microsoft and Debian have signed, on a partition of their own.
medium_esp() {
  local file at=$WORK/signed/usr/lib
  fat "$1" 8M NVGATEINST 4E564203
  mmd -i "$1" ::/EFI ::/EFI/BOOT ::/EFI/debian
  printf 'search --no-floppy --set=root --file /nvgate/image\nset prefix=($root)/boot/grub\nconfigfile $prefix/grub.cfg\n' >"$WORK/esp-iso.cfg"
  cp "$at/shim/shimx64.efi.signed" "$WORK/BOOTX64.EFI"
  cp "$at/shim/mmx64.efi.signed" "$WORK/mmx64.efi"
  cp "$at/grub/x86_64-efi-signed/grubx64.efi.signed" "$WORK/grubx64.efi"
  cp "$WORK/esp-iso.cfg" "$WORK/grub.cfg"
  for file in BOOTX64.EFI mmx64.efi grubx64.efi grub.cfg; do touch -d "@$SOURCE_DATE_EPOCH" "$WORK/$file"; done
  for file in BOOTX64.EFI mmx64.efi grubx64.efi; do mcopy -m -i "$1" "$WORK/$file" "::/EFI/BOOT/$file"; done
  mcopy -m -i "$1" "$WORK/grub.cfg" ::/EFI/debian/grub.cfg
}

# make_iso FILE
make_iso() {
  local tree=$WORK/medium date
  rm -rf "$tree"
  medium_tree "$tree"
  medium_bios "$tree"
  medium_esp "$WORK/medium-esp.img"
  date=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M%S00)
  find "$tree" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
  xorriso -as mkisofs -quiet -r -V NVGATE_INSTALL --modification-date="$date" -o "$1" \
    --grub2-mbr /usr/lib/grub/i386-pc/boot_hybrid.img -partition_offset 16 \
    -b boot/grub/eltorito.img -no-emul-boot -boot-load-size 4 -boot-info-table --grub2-boot-info \
    -eltorito-alt-boot -append_partition 2 0xef "$WORK/medium-esp.img" -appended_part_as_gpt \
    -e --interval:appended_partition_2:all:: -no-emul-boot "$tree" >"$WORK/xorriso.log" 2>&1 ||
    { tail -5 "$WORK/xorriso.log" >&2; die "the installer could not be made"; }
}

# shellcheck shell=bash
# Sourced by image: partitions, boot loaders and the disk. No loop device, no mount.
# Needs: DISK, WORK, ROOT_HASH, HASH_OFFSET, SOURCE_DATE_EPOCH.

# fat FILE SIZE LABEL SERIAL
fat() {
  rm -f "$1"
  truncate -s "$2" "$1"
  mkfs.vfat -n "$3" -i "$4" --invariant "$1" >/dev/null
}

export MTOOLS_SKIP_CHECK=1

# Of each slot: kernel, initramfs, and by which hash the root is the right one.
make_boot_partition() {
  local file
  printf 'set slot_args="root=/dev/mapper/nvgateroot rootfstype=squashfs nvgate.roothash=%s nvgate.hashoff=%s"\n' \
    "$ROOT_HASH" "$HASH_OFFSET" >"$WORK/slot.cfg"
  fat "$WORK/boot.img" 96M NVGATEBOOT 4E564201
  for file in vmlinuz initrd.img slot.cfg; do
    touch -d "@$SOURCE_DATE_EPOCH" "$WORK/$file"
    mcopy -m -i "$WORK/boot.img" "$WORK/$file" "::/$file"
  done
}

# Boot loaders that Microsoft and Debian have signed: unpacked, never installed. make_root has fetched them.
signed_loaders() {
  local file
  rm -rf "$WORK/signed"
  for file in "$WORK"/signed-debs/*.deb; do dpkg-deb -x "$file" "$WORK/signed"; done
}

make_esp() {
  local esp=$WORK/esp path
  signed_loaders
  rm -rf "$esp" && mkdir -p "$esp"/EFI/BOOT "$esp"/EFI/debian "$esp"/grub
  cp "$WORK/signed/usr/lib/shim/shimx64.efi.signed" "$esp/EFI/BOOT/BOOTX64.EFI"
  cp "$WORK/signed/usr/lib/shim/mmx64.efi.signed" "$esp/EFI/BOOT/mmx64.efi"
  cp "$WORK/signed/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed" "$esp/EFI/BOOT/grubx64.efi"
  printf 'set prefix=($root)/grub\nconfigfile $prefix/grub.cfg\n' >"$esp/EFI/debian/grub.cfg"
  cp "$DISK/boot/grub.cfg" "$esp/grub/grub.cfg"
  grub-editenv "$esp/grub/grubenv" create
  grub-editenv "$esp/grub/grubenv" set "ORDER=A B" A_OK=1 A_TRY=0 B_OK=0 B_TRY=0
  find "$esp" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
  fat "$WORK/esp.img" 64M NVGATE-ESP 4E564202
  (
    cd "$esp"
    find . -mindepth 1 -type d | sort | while read -r path; do mmd -i "$WORK/esp.img" "::/${path#./}"; done
    find . -type f | sort | while read -r path; do mcopy -m -i "$WORK/esp.img" "$path" "::/${path#./}"; done
  )
}

make_state_partition() {
  rm -rf "$WORK/data.img" "$WORK/empty"
  mkdir "$WORK/empty"
  touch -d "@$SOURCE_DATE_EPOCH" "$WORK/empty"
  E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH mke2fs -q -t ext4 -L nvgate-data -U 6e766772-6500-4000-8000-000000000007 \
    -E hash_seed=6e766772-6500-4000-8000-000000000008,lazy_itable_init=0,root_owner=0:0 -d "$WORK/empty" "$WORK/data.img" 512M >/dev/null
}

partition_table() {
  cat <<TABLE
label: gpt
label-id: 6E766772-6500-4000-8000-000000000000
first-lba: 2048
start=2048, size=2M, type=21686148-6449-6E6F-744E-656564454649, name=bios, uuid=6E766772-6500-4000-8000-000000000001
size=64M,  type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, name=esp,    uuid=6E766772-6500-4000-8000-000000000002
size=96M,  type=6E766772-626F-6F74-8000-000000000000, name=boot-A, uuid=6E766772-6500-4000-8000-000000000003
size=96M,  type=6E766772-626F-6F74-8000-000000000000, name=boot-B, uuid=6E766772-6500-4000-8000-000000000004
size=768M, type=6E766772-726F-6F74-8000-000000000000, name=root-A, uuid=6E766772-6500-4000-8000-000000000005
size=768M, type=6E766772-726F-6F74-8000-000000000000, name=root-B, uuid=6E766772-6500-4000-8000-000000000006
size=512M, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, name=data,   uuid=6E766772-6500-4000-8000-000000000007
TABLE
}

# little_endian NUMBER : eight bytes.
little_endian() {
  # shellcheck disable=SC2059
  printf "$(printf '%016x\n' "$1" | fold -w2 | tac | sed 's/^/\\x/' | tr -d '\n')"
}

# GRUB for BIOS without grub-install: boot.img into the MBR, which is told where core.img is, and that where its own rest is.
put_bios_grub() {
  local disk=$1 at
  at=$(partition_start "$disk" bios)
  printf 'search --no-floppy --fs-uuid --set=root 4E56-4202\nset prefix=($root)/grub\nconfigfile $prefix/grub.cfg\n' >"$WORK/early.cfg"
  grub-mkimage -O i386-pc -o "$WORK/core.img" -p '(hd0,gpt2)/grub' -c "$WORK/early.cfg" biosdisk part_gpt fat search search_fs_uuid \
    normal configfile linux loadenv regexp test echo serial terminal sleep reboot halt ls
  dd if=/usr/lib/grub/i386-pc/boot.img of="$disk" bs=1 count=440 conv=notrunc status=none
  little_endian "$at" | dd of="$disk" bs=1 seek=92 conv=notrunc status=none
  printf '\x90\x90' | dd of="$disk" bs=1 seek=102 conv=notrunc status=none # no check of the drive's number, as grub-setup has it for hard disks
  dd if="$WORK/core.img" of="$disk" bs=512 seek="$at" conv=notrunc status=none
  little_endian $((at + 1)) | dd of="$disk" bs=1 seek=$((at * 512 + 500)) conv=notrunc status=none
}

partition_start() { sfdisk -d "$1" | sed -n "s/.*start= *\([0-9]*\),.*name=\"$2\".*/\1/p"; }

make_disk() {
  local part
  rm -f "$1"
  truncate -s 2560M "$1"
  partition_table | sfdisk -q "$1"
  for part in esp:esp boot-A:boot root-A:root data:data; do
    dd if="$WORK/${part#*:}.img" of="$1" bs=512 seek="$(partition_start "$1" "${part%%:*}")" conv=notrunc,sparse status=none
  done
  put_bios_grub "$1"
}

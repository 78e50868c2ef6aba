# shellcheck shell=bash
# Sourced by image: the OVA for VMware. An OVF 1.0 descriptor, its checksums and the disk in one tar.

ovf_property() { # KEY LABEL [EXTRA]
  printf '   <Property ovf:key="%s" ovf:type="string" ovf:userConfigurable="true" ovf:value=""%s><Label>%s</Label></Property>\n' \
    "$1" "${3:-}" "$2"
}

ovf_nic() { # INSTANCE ADDRESS NETWORK
  printf '   <Item><rasd:AddressOnParent>%s</rasd:AddressOnParent><rasd:AutomaticAllocation>true</rasd:AutomaticAllocation><rasd:Connection>%s</rasd:Connection><rasd:ElementName>%s</rasd:ElementName><rasd:InstanceID>%s</rasd:InstanceID><rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType><rasd:ResourceType>10</rasd:ResourceType></Item>\n' \
    "$2" "$3" "$3" "$1"
}

ovf() { # NAME DISK-FILE SIZE CAPACITY VERSION
  cat <<XML
<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData" xmlns:vmw="http://www.vmware.com/schema/ovf">
 <References><File ovf:href="$2" ovf:id="file1" ovf:size="$3"/></References>
 <DiskSection><Info>Disk</Info><Disk ovf:capacity="$4" ovf:diskId="disk1" ovf:fileRef="file1" ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/></DiskSection>
 <NetworkSection><Info>Networks</Info><Network ovf:name="Management"><Description>Management</Description></Network><Network ovf:name="Provider"><Description>Provider network, NVGRE</Description></Network><Network ovf:name="External"><Description>Physical network</Description></Network></NetworkSection>
 <VirtualSystem ovf:id="$1"><Info>nvgate</Info><Name>nvgate</Name>
  <OperatingSystemSection ovf:id="96" vmw:osType="debian12_64Guest"><Info>Debian 12</Info></OperatingSystemSection>
  <VirtualHardwareSection ovf:transport="com.vmware.guestInfo"><Info>Hardware</Info>
   <System><vssd:ElementName>Virtual Hardware Family</vssd:ElementName><vssd:InstanceID>0</vssd:InstanceID><vssd:VirtualSystemIdentifier>$1</vssd:VirtualSystemIdentifier><vssd:VirtualSystemType>vmx-15</vssd:VirtualSystemType></System>
   <Item><rasd:ElementName>4 vCPU</rasd:ElementName><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>4</rasd:VirtualQuantity></Item>
   <Item><rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:ElementName>4096 MiB</rasd:ElementName><rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>4096</rasd:VirtualQuantity></Item>
   <Item><rasd:ElementName>SCSI 0</rasd:ElementName><rasd:InstanceID>3</rasd:InstanceID><rasd:ResourceSubType>VirtualSCSI</rasd:ResourceSubType><rasd:ResourceType>6</rasd:ResourceType></Item>
   <Item><rasd:AddressOnParent>0</rasd:AddressOnParent><rasd:ElementName>disk0</rasd:ElementName><rasd:HostResource>ovf:/disk/disk1</rasd:HostResource><rasd:InstanceID>4</rasd:InstanceID><rasd:Parent>3</rasd:Parent><rasd:ResourceType>17</rasd:ResourceType></Item>
$(ovf_nic 5 7 Management; ovf_nic 6 8 Provider; ovf_nic 7 9 External)
   <vmw:Config ovf:required="false" vmw:key="firmware" vmw:value="efi"/>
  </VirtualHardwareSection>
  <ProductSection><Info>First boot; what is left empty has a default</Info><Product>nvgate</Product><Version>$5</Version>
   <Category>Appliance</Category>
$(ovf_property hostname 'Host name'
  ovf_property role 'Role: manager, gateway or both'
  ovf_property admin-password 'Password of admin, 12 characters or more' ' ovf:password="true"'
  ovf_property ssh-key 'SSH public key of admin')
   <Category>Management network</Category>
$(ovf_property address 'Address/prefix length (empty: DHCP)'
  ovf_property gateway 'Default gateway'
  ovf_property dns 'DNS servers, apart by spaces'
  ovf_property ntp 'NTP servers, apart by spaces')
   <Category>Gateway</Category>
$(ovf_property node 'Name of the gateway in the fabric'
  ovf_property manager 'Manager (role gateway), host or host:port'
  ovf_property join-token 'Join token (role gateway)' ' ovf:password="true"')
  </ProductSection>
 </VirtualSystem>
</Envelope>
XML
}

# make_ova VMDK OVA VERSION CAPACITY
make_ova() {
  local work name disk file
  name=$(basename "$2" .ova)
  disk=$name-disk1.vmdk
  work=$(mktemp -d "$WORK/ova-XXXXXX")
  ln "$1" "$work/$disk"
  ovf "$name" "$disk" "$(stat -c %s "$1")" "$4" "$3" >"$work/$name.ovf"
  for file in "$name.ovf" "$disk"; do
    printf 'SHA256(%s)= %s\n' "$file" "$(sha256sum "$work/$file" | cut -d' ' -f1)"
  done >"$work/$name.mf"
  tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=644 --mtime="@$SOURCE_DATE_EPOCH" -C "$work" -cf "$2" \
    "$name.ovf" "$name.mf" "$disk"
  rm -rf "$work"
}

/** Names of kinds and fields, and the words of forms. What a field means comes from the contract. */
type KindName = readonly [one: string, many: string];

const KINDS: Readonly<Record<string, KindName>> = {
  'host-groups': ['host group', 'host groups'],
  'logical-networks': ['logical network', 'logical networks'],
  'network-sites': ['network site', 'network sites'],
  'ip-pools': ['IP pool', 'IP pools'],
  'address-grants': ['address grant', 'address grants'],
  'mac-pools': ['MAC pool', 'MAC pools'],
  'mac-grants': ['MAC grant', 'MAC grants'],
  'port-profiles': ['port profile', 'port profiles'],
  'port-classifications': ['port classification', 'port classifications'],
  'uplink-port-profiles': ['uplink port profile', 'uplink port profiles'],
  'logical-switches': ['logical switch', 'logical switches'],
  hosts: ['host', 'hosts'],
  gateways: ['gateway', 'gateways'],
  clouds: ['cloud', 'clouds'],
  plans: ['plan', 'plans'],
  subscriptions: ['subscription', 'subscriptions'],
  'vm-networks': ['VM network', 'VM networks'],
  'vm-subnets': ['VM subnet', 'VM subnets'],
  'vm-network-gateways': ['gateway of a VM network', 'gateways of VM networks'],
  'provider-addresses': ['provider address', 'provider addresses'],
  vms: ['virtual machine', 'virtual machines'],
  'nat-connections': ['NAT connection', 'NAT connections'],
  'nat-rules': ['port forward', 'port forwards'],
  'nat-one-to-ones': ['1:1 address', '1:1 addresses'],
  'nat-exemptions': ['NAT exemption', 'NAT exemptions'],
  'tenant-interfaces': ['tenant interface', 'tenant interfaces'],
  'vm-network-peerings': ['peering', 'peerings'],
  'address-sets': ['address set', 'address sets'],
  'port-acls': ['port ACL', 'port ACLs'],
};

const FIELDS: Readonly<Record<string, string>> = {
  id: 'Id', vmSubnetId: 'VM subnet', vmSubnetIds: 'VM subnets', vmNetworkId: 'VM network', peerVmNetworkId: 'Other VM network',
  vmNetworkGatewayId: 'Gateway of the VM network', natConnectionId: 'NAT connection', paPoolId: 'PA pool', paPool6Id: 'PA pool, IPv6',
  externalPoolId: 'External pool', externalPool6Id: 'External pool, IPv6', ipPoolId: 'IP pool', macPoolId: 'MAC pool',
  providerAddress: 'Provider address (PA)', providerAddress6: 'Provider address (PA), IPv6', externalAddress6: 'External address, IPv6',
  prefix: 'Subnet', prefix6: 'Subnet, IPv6', address6: 'Address, IPv6', caFamily: 'Family of customer addresses', paFamily: 'Family of provider addresses',
  mac: 'MAC address', macType: 'Type of MAC address', routerMac: 'MAC address of the router', defaultGatewayMac: 'MAC address of the default gateway',
  vsid: 'VSID', rdid: 'Routing domain (RDID)', mtu: 'MTU', dhcp: 'DHCP', nat64Prefix: 'NAT64 prefix', nptv6Prefixes: 'IPv6 prefix translation',
  dscp: 'DSCP', dscpMode: 'DSCP mode', pcp: '802.1p (PCP)', nics: 'Network adapters', vmLabels: 'VMs with labels', vcpus: 'Virtual CPUs',
  memoryMb: 'Memory (MB)', storageGb: 'Storage (GB)', vms: 'VMs', vmNetworks: 'VM networks', vmSubnets: 'VM subnets', natRules: 'Port forwards',
  maxVmNetworks: 'VM networks at most', vips: 'Virtual IPs', dnsServers: 'DNS servers', winsServers: 'WINS servers', dnsSuffix: 'DNS suffix',
  dnsSearchSuffixes: 'DNS search suffixes', netbiosOverTcpip: 'NetBIOS over TCP/IP', vlanId: 'VLAN', secondaryVlanId: 'Secondary VLAN', urpf: 'Reverse path check (uRPF)',
  sriov: 'SR-IOV', vmq: 'VMQ', ipsecTaskOffload: 'IPsec task offload', macSpoofing: 'MAC spoofing', dhcpGuard: 'DHCP guard', guestSpecifiedIp: 'Addresses the guest chooses',
  ieeePriorityTagging: 'IEEE priority tagging', minimumMbps: 'Minimum (Mbit/s)', maximumMbps: 'Maximum (Mbit/s)', inboundKbps: 'Inbound (kbit/s)', outboundKbps: 'Outbound (kbit/s)',
  maximumBandwidthInboundKbps: 'Inbound at most (kbit/s)', maximumBandwidthOutboundKbps: 'Outbound at most (kbit/s)', algs: 'Application gateways (ALG)',
  udpSeconds: 'UDP (s)', tcpEstablishedSeconds: 'TCP established (s)', tcpTransitorySeconds: 'TCP transitory (s)', icmpSeconds: 'ICMP (s)', otherSeconds: 'Other (s)',
  icmpType: 'ICMP type', icmpCode: 'ICMP code', coAdmins: 'Co-administrators', networkVirtualization: 'Carries tenants (network virtualization)',
  hostIds: 'Hosts', sameNameVmNetwork: 'VM network of the same name', providerAddressing: 'Provider addresses', leaseSeconds: 'Lease (s)', name: 'Name', createdBy: 'Made by', changedBy: 'Changed by',
  createdRevision: 'Made at revision', changedRevision: 'Changed at revision', ipPools: 'IP pools', ipPoolIds: 'IP pools',
};

const CHOICES: Readonly<Record<string, string>> = {
  LINUX_OVS: 'Linux with Open vSwitch', HYPER_V: 'Hyper-V', ONE_CONNECTED: 'One connected network', VLAN_INDEPENDENT: 'Independent VLANs', PVLAN: 'Private VLANs',
  PER_HOST: 'One per host', PER_HOST_AND_VSID: 'One per host and VSID (as Windows Server)', WINDOWS_NETWORK_VIRTUALIZATION: 'NVGRE', NO_ISOLATION: 'None', VLAN: 'VLAN',
  LACP: 'LACP', IPV4: 'IPv4', IPV6: 'IPv6', TCP: 'TCP', UDP: 'UDP', FTP: 'FTP', TFTP: 'TFTP', DHCP: 'DHCP', INVITE: 'By invitation', POLICE: 'Drop what exceeds',
  SHAPE: 'Delay what exceeds', INBOUND: 'In, to the VM', OUTBOUND: 'Out, from the VM', VIP: 'Virtual IP',
};

/** `maximumConnections` → Maximum connections, `TCP_ONLY` → Tcp only. */
export function humanised(name: string): string {
  const words = name.replace(/Ids$/, 's').replace(/Id$/, '').replaceAll('_', ' ').replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

export const kindOne = (kind: string): string => KINDS[kind]?.[0] ?? humanised(kind);
export const kindMany = (kind: string): string => KINDS[kind]?.[1] ?? humanised(kind);
export const KindOne = (kind: string): string => capital(kindOne(kind));
export const KindMany = (kind: string): string => capital(kindMany(kind));
export const fieldLabel = (name: string): string => FIELDS[name] ?? humanised(name);
export const choiceLabel = (choice: string): string => CHOICES[choice] ?? humanised(choice);

const article = (words: string): string => (/^([aeio]|NAT|MAC|IP )/i.test(words) && !/^(one|NAT)/.test(words) ? 'an' : 'a');

/** What a value of such a type looks like. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  IpAddress: '192.168.1.10', IpPrefix: '192.168.1.0/24', MacAddress: '00:1d:d8:b7:1c:10', PortRange: '80 or 8000-8099', LabelMatch: 'tier=web',
};

export const formText = {
  create: (kind: string) => `New ${kindOne(kind)}`,
  createButton: (kind: string) => `Create ${kindOne(kind)}`,
  edit: (name: string) => `Edit ${name}`,
  save: 'Save',
  cancel: 'Cancel',
  preview: 'What will change?',
  more: 'More settings',
  less: 'Fewer settings',
  byDefault: (value: string) => `Default: ${value}`,
  notChosen: 'Not chosen: the manager chooses, or none',
  choose: 'Choose one',
  yes: 'Yes',
  no: 'No',
  add: (what: string) => `Add to: ${what}`,
  remove: (what: string, n: number) => `Remove ${what} ${n}`,
  labelsHint: 'One name=value per line',
  refused: 'Not accepted',
  refusedAtField: 'Some fields need another value',
  usedBy: 'In use by',
  nothingChanged: 'Nothing differs from what is there.',
  tooMany: (n: string) => `There are ${n}: type a part of the name`,
  noSuch: (kind: string, name: string) => `There is no ${kindOne(kind)} with the name ${name}`,
  noneThere: (kind: string) => `There is no ${kindOne(kind)} yet`,
  makeOne: (kind: string) => `Create ${article(kindOne(kind))} ${kindOne(kind)} first`,
  changed: { CREATED: 'New', CHANGED: 'Changed', DELETED: 'Deleted' } as Readonly<Record<string, string>>,
  previewTitle: 'What will change',
  previewObjects: 'Objects',
  previewNodes: 'What gateways and hosts get',
  previewNone: 'No gateway and no host gets anything new.',
  previewCount: (n: number) => (n === 1 ? '1 entry' : `${n} entries`),
  previewHint: 'Nothing has been changed yet.',
  created: (kind: string, name: string) => `${capital(kindOne(kind))} ${name} is made`,
  saved: (name: string) => `${name} is saved`,
  deleted: (name: string) => `${name} is deleted`,
  undo: 'Undo',
  undone: (what: string) => `Undone: ${what}`,
  undoFailed: 'Could not be undone',
  deleteButton: 'Delete',
  deleteTitle: (name: string) => `Delete ${name}?`,
  deleteBody: 'It can be undone as long as nobody has taken its name or addresses.',
  history: 'History',
  historyEmpty: 'The log of changes does not reach back to a change of this object.',
  revision: 'Revision',
  when: 'When',
  who: 'Who',
  what: 'What',
  comment: 'Comment',
  back: (n: number) => `Back to revision ${n}`,
  next: 'What next?',
  nextOne: (kind: string) => `Add ${article(kindOne(kind))} ${kindOne(kind)}`,
  properties: 'Properties',
  editButton: 'Edit',
  find: 'Exact name',
  findName: 'Part of a name',
  findAll: 'Show all',
  findButton: 'Find',
  total: (n: string) => `${n} in all`,
  empty: (kind: string) => `No ${kindMany(kind)} yet`,
  loadFailed: 'Could not be loaded',
  readOnly: 'You may see these objects but not change them.',
};

/** Fields that a form shows at once although they are not required: without them most objects are not what people want. */
const ESSENTIAL: Readonly<Record<string, readonly string[]>> = {
  'logical-networks': ['networkVirtualization'],
  'network-sites': ['name', 'logicalNetworkId', 'subnets'],
  'ip-pools': ['networkSiteId', 'rangeStart', 'rangeEnd', 'defaultGateways'],
  hosts: ['hostGroupId'],
  'host-groups': ['parentId'],
  'mac-pools': ['hostGroupIds'],
  'port-profiles': ['security', 'bandwidth'],
  'uplink-port-profiles': ['networkSiteIds', 'networkVirtualization'],
  'logical-switches': ['virtualPorts'],
  clouds: ['logicalNetworkIds', 'hostGroupIds'],
  plans: ['limits', 'access'],
  'vm-networks': ['subscriptionId'],
  'vm-network-gateways': ['limits'],
  vms: ['nics', 'subscriptionId'],
  'nat-connections': ['externalAddress'],
  'nat-rules': ['remotePrefixes'],
  'nat-one-to-ones': ['externalAddress'],
  'vm-network-peerings': ['prefixes', 'peerPrefixes'],
  'address-sets': ['prefixes'],
  'port-acls': ['vmSubnetIds', 'defaultInboundAction', 'defaultOutboundAction', 'rules'],
  'tenant-interfaces': ['routes'],
};

export const isEssential = (kind: string, field: string): boolean => ESSENTIAL[kind]?.includes(field) ?? false;

import { describe, expect, it } from 'vitest';
import type { Objects } from '../api/model';
import { externalAddressesOf, indexFabric } from './fabricIndex';
import { tenantRoutes } from './tenantRoutes';

const common = (id: string) => ({ id, name: id, description: '', labels: {}, createdRevision: 1, changedRevision: 1, createdBy: 'a', changedBy: 'a' });

const attachment = (network: string) => ({
  ...common(`${network}-gw`), vmNetworkId: network, gatewayId: 'gw', routingSubnet: '10.254.254.0/29', vsid: 5000, wildcardRecords: 'GATEWAY' as const,
  address: '10.254.254.2', mac: '00:1d:d8:b7:1c:03', routerAddress: '10.254.254.1', routerMac: '00:1d:d8:b7:1c:02',
  quota: {}, dscpMode: 'UNIFORM' as const, dscp: 0, pcp: false, nptv6Prefixes: [], routes: [],
});

const fabric: Objects = {
  logicalNetworks: [], networkSites: [], ipPools: [], hosts: [], gateways: [], vmSubnets: [], vms: [], vmsTotal: 0, natConnections: [], natRules: [],
  vmNetworks: ['red', 'blue'].map((id) => ({ ...common(id), logicalNetworkId: 'hnv', rdid: `RDID-${id}` })),
  vmNetworkGateways: [
    {
      ...attachment('red'),
      nat64Prefix: '64:ff9b::/96',
      nptv6Prefixes: [{ insidePrefix: 'fd00:1::/48', outsidePrefix: '2001:db8:1::/48' }],
      routes: [{ destinationPrefix: '10.8.0.0/16', nextHops: ['192.168.1.3', '192.168.1.4'], metric: 256 }, { destinationPrefix: '10.0.0.0/8', blackhole: true, metric: 256 }],
    },
    attachment('blue'),
  ],
  natOneToOnes: [
    { ...common('mail'), vmNetworkGatewayId: 'red-gw', externalPoolId: 'pool', externalAddress: '203.0.113.9', internalAddress: '192.168.1.9' },
  ],
  natExemptions: [],
  tenantInterfaces: [
    {
      ...common('office'), vmNetworkGatewayId: 'blue-gw', side: 'FRONT_END', vlanId: 100, urpf: 'STRICT',
      addresses: [{ address: '172.16.0.1', prefixLength: 29 }], routes: [{ destinationPrefix: '10.50.0.0/16', nextHop: '172.16.0.2', metric: 255 }],
    },
  ],
  vmNetworkPeerings: [
    { ...common('peers'), vmNetworkId: 'red', peerVmNetworkId: 'blue', prefixes: ['192.168.1.0/24'], peerPrefixes: ['192.168.2.0/24'] },
  ],
};

describe('tenantRoutes', () => {
  it('names every way of every tenant, peerings from both sides', () => {
    const rows = tenantRoutes(indexFabric(fabric)).map((r) => [r.tenant.network.id, r.kind, r.prefix, r.way]);
    expect(rows).toEqual([
      ['red', 'peering', '192.168.2.0/24', 'blue'],
      ['red', 'route', '10.8.0.0/16', '192.168.1.3 192.168.1.4'],
      ['red', 'blackhole', '10.0.0.0/8', ''],
      ['red', 'nat64', '64:ff9b::/96', ''],
      ['red', 'nptv6', 'fd00:1::/48', '2001:db8:1::/48'],
      ['blue', 'interface', '172.16.0.1/29', 'FRONT_END VLAN 100'],
      ['blue', 'interfaceRoute', '10.50.0.0/16', '172.16.0.2'],
      ['blue', 'peering', '192.168.1.0/24', 'red'],
    ]);
  });

  it('has a key of its own for each', () => {
    const keys = tenantRoutes(indexFabric(fabric)).map((r) => r.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('externalAddressesOf', () => {
  it('counts 1:1 addresses', () => {
    expect(indexFabric(fabric).tenants.map(externalAddressesOf)).toEqual([['203.0.113.9'], []]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Objects, Vm } from '../api/model';
import { indexFabric } from './fabricIndex';
import { buildTopology, concerns, MAX_HOSTS, MAX_SINGLE_VMS } from './topology';

const common = (id: string, revision = 1) => ({ id, name: id, description: '', labels: {}, createdRevision: revision, changedRevision: revision, createdBy: 'a', changedBy: 'a' });
const oneConnected = { mode: 'ONE_CONNECTED' as const, sameNameVmNetwork: false, providerAddressing: 'PER_HOST' as const };

/** Two tenants with the same addresses on two hosts behind one gateway. */
function fabric(vms: readonly Vm[]): Objects {
  const site = (id: string, logicalNetworkId: string, prefix: string) => ({
    ...common(id), logicalNetworkId, subnets: [{ prefix, vlanId: 0 }], mtu: 1500, hostGroupIds: [],
  });
  const pool = (id: string, networkSiteId: string, prefix: string) => ({
    ...common(id), networkSiteId, prefix, rangeStart: '10.0.0.10', rangeEnd: '10.0.0.20', reserved: [], defaultGateways: [], dnsServers: [], vips: [], gatewayMetrics: [], dnsSuffix: '',
    dnsSearchSuffixes: [], winsServers: [], netbiosOverTcpip: false, routes: [], multicast: false,
  });
  const tenants = ['red', 'blue'] as const;
  return {
    logicalNetworks: [
      { ...common('hnv'), networkVirtualization: true, ...oneConnected },
      { ...common('lan'), networkVirtualization: false, ...oneConnected },
    ],
    networkSites: [site('hnv-site', 'hnv', '10.10.0.0/24'), site('lan-site', 'lan', '203.0.113.0/24')],
    ipPools: [pool('pa-pool', 'hnv-site', '10.10.0.0/24'), pool('ext-pool', 'lan-site', '203.0.113.0/24')],
    hosts: ['hostA', 'hostB'].map((id) => ({ ...common(id), hostType: 'LINUX_OVS' as const, paPoolId: 'pa-pool', providerAddress: '10.10.0.11', maintenance: false })),
    gateways: [
      { ...common('gw'), paPoolId: 'pa-pool', externalPoolId: 'ext-pool', providerAddress: '10.10.0.1', externalAddress: '203.0.113.2', maxVmNetworks: 50, draining: false, hostGroupIds: [], directRouting: false, manufacturer: 'nvgate', model: '' },
    ],
    vmNetworks: tenants.map((id, i) => ({ ...common(id, 10 - i), logicalNetworkId: 'hnv', rdid: `RDID-${id}` })),
    vmSubnets: tenants.map((id, i) => ({
      ...common(`${id}-subnet`), vmNetworkId: id, prefix: '192.168.1.0/24', vsid: 6000 + i,
      defaultGateway: '192.168.1.1', defaultGatewayMac: '00:1d:d8:b7:1c:01', ipPoolId: `${id}-pool`,
    })),
    vmNetworkGateways: [
      {
        ...common('red-gw'), vmNetworkId: 'red', gatewayId: 'gw', routingSubnet: '10.254.254.0/29', vsid: 5000, wildcardRecords: 'GATEWAY' as const,
        address: '10.254.254.2', mac: '00:1d:d8:b7:1c:03', routerAddress: '10.254.254.1', routerMac: '00:1d:d8:b7:1c:02',
        quota: {}, dscpMode: 'UNIFORM' as const, dscp: 0, pcp: false, nptv6Prefixes: [], routes: [],
      },
    ],
    vms,
    vmsTotal: vms.length,
    natConnections: [
      {
        ...common('red-nat'), vmNetworkGatewayId: 'red-gw', externalPoolId: 'ext-pool', externalAddress: '203.0.113.11', portMin: 1024, portMax: 65535,
        sourcePrefixes: [], filtering: 'ADDRESS_AND_PORT_DEPENDENT' as const, timeouts: { udpSeconds: 300, tcpEstablishedSeconds: 7440, tcpTransitorySeconds: 240, icmpSeconds: 60, otherSeconds: 300 }, portBlockSize: 0, deterministicPrefixes: [], algs: ['FTP' as const],
      },
    ],
    natRules: [], natOneToOnes: [], natExemptions: [], tenantInterfaces: [], vmNetworkPeerings: [],
  };
}

const vm = (id: string, hostId: string, tenant: 'red' | 'blue'): Vm => ({
  ...common(id), hostId, nics: [{ id: `${id}-nic`, name: 'eth0', vmSubnetId: `${tenant}-subnet`, address: '192.168.1.3', mac: '00:1d:d8:b7:1c:04' }],
});

const pairs = (objects: Objects) => buildTopology(indexFabric(objects), undefined).edges.map(({ from, to }) => `${from}>${to}`);

describe('buildTopology', () => {
  it('draws no more hosts than a picture has room for, but those of its VMs', () => {
    const few = fabric([vm('vm', 'host-199', 'red')]);
    const objects = { ...few, hosts: Array.from({ length: 200 }, (_, i) => ({ ...few.hosts[0]!, ...common(`host-${i}`) })) };
    const drawn = (chosen?: string) => buildTopology(indexFabric(objects), undefined, chosen).nodes.filter(({ kind }) => kind === 'host').map(({ name }) => name);
    expect(drawn()).toHaveLength(MAX_HOSTS);
    expect(drawn()).toContain('host-199');
    expect(drawn()).not.toContain('host-150');
    expect(drawn('host:host-150')).toContain('host-150');
    expect(drawn('host:host-150')).toHaveLength(MAX_HOSTS);
  });

  it('connects outside with gateway, provider network, hosts and VMs', () => {
    expect(pairs(fabric([vm('vm1', 'hostA', 'red'), vm('vm2', 'hostB', 'blue')]))).toEqual([
      'physical:lan>gateway:gw',
      'gateway:gw>paNetwork:hnv',
      'paNetwork:hnv>host:hostA',
      'paNetwork:hnv>host:hostB',
      'host:hostA>vm:vm1',
      'host:hostB>vm:vm2',
    ]);
  });

  it('says which tenants leave through the gateway, by which external address', () => {
    const gateway = buildTopology(indexFabric(fabric([])), undefined).nodes.find((n) => n.kind === 'gateway');
    expect(gateway?.kind === 'gateway' && gateway.exits.map((e) => [e.tenant.network.id, e.externalAddresses])).toEqual([
      ['red', ['203.0.113.11']],
    ]);
  });

  it('draws no edge to an object that is not there', () =>
    expect(pairs(fabric([vm('lost', 'gone', 'red')])).filter((e) => e.includes('lost'))).toEqual([]));

  it('gathers VMs by host and VM network when there are too many', () => {
    const many = Array.from({ length: MAX_SINGLE_VMS + 1 }, (_, i) => vm(`vm${i}`, i % 2 ? 'hostA' : 'hostB', 'red'));
    const nodes = buildTopology(indexFabric(fabric(many)), undefined).nodes;
    expect(nodes.filter((n) => n.kind === 'vm')).toEqual([]);
    const sizes = nodes.flatMap((n) => (n.kind === 'vmGroup' ? [n.size] : []));
    expect(sizes).toHaveLength(2);
    expect(sizes.reduce((a, b) => a + b)).toBe(many.length);
  });

  it('colours tenants by age, so that a new one changes nobody else', () => {
    const index = indexFabric(fabric([]));
    expect(index.tenants.map((t) => [t.network.id, t.colour])).toEqual([['blue', 0], ['red', 1]]);
  });

  it('finds a tenant by each of its VSIDs and by RDID in any case', () => {
    const index = indexFabric(fabric([]));
    expect(index.tenantByRdid.get('rdid-red')?.network.id).toBe('red');
  });

  it('fades VMs of other tenants only', () => {
    const { nodes } = buildTopology(indexFabric(fabric([vm('vm1', 'hostA', 'red'), vm('vm2', 'hostB', 'blue')])), undefined);
    expect(nodes.filter((n) => !concerns(n, 'red')).map((n) => n.id)).toEqual(['vm:vm2']);
  });
});

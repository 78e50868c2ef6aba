// The demo's fabric as fixtures: two tenants with the same addresses, two hosts, one gateway.
const uuid = (n) => `3b6d1d0e-7c55-4c0a-8f3e-${String(n).padStart(12, '0')}`;
const common = (n, name) => ({ id: uuid(n), name, createdRevision: n, changedRevision: n });
const mac = (n) => `00:1d:d8:b7:1c:${n.toString(16).padStart(2, '0')}`;

const NETWORKS = [
  { name: 'contoso', vsid: 6000, gatewayVsid: 5000, external: '203.0.113.11', vms: [['contoso-web', 'host-1', '192.168.1.3'], ['contoso-db', 'host-2', '192.168.1.4']] },
  { name: 'fabrikam', vsid: 6001, gatewayVsid: 5001, external: '203.0.113.12', vms: [['fabrikam-web', 'host-2', '192.168.1.3'], ['fabrikam-app', 'host-1', '192.168.1.4']] },
];
const HOSTS = { 'host-1': { id: uuid(8), pa: '10.10.10.11' }, 'host-2': { id: uuid(9), pa: '10.10.10.12' } };
const GATEWAY = { id: uuid(7), pa: '10.10.10.10' };
const ROUTER = '169.254.254.254';

function tenant(spec, t) {
  const n = 20 + t * 20;
  const network = { ...common(n, spec.name), logicalNetworkId: uuid(1), rdid: uuid(n + 1) };
  const subnet = { ...common(n + 2, 'servers'), vmNetworkId: network.id, prefix: '192.168.1.0/24', vsid: spec.vsid, defaultGateway: '192.168.1.1', defaultGatewayMac: mac(n), ipPoolId: uuid(n + 3) };
  const gateway = { ...common(n + 4, `${spec.name}-gw`), vmNetworkId: network.id, gatewayId: GATEWAY.id, routingSubnet: '10.254.254.0/29', vsid: spec.gatewayVsid, address: '10.254.254.2', mac: mac(n + 1), routerAddress: '10.254.254.1', routerMac: mac(n + 2),
    quota: {}, dscpMode: 'UNIFORM', dscp: 0, pcp: false, nptv6Prefixes: [], routes: [] };
  const nat = { ...common(n + 5, `${spec.name}-nat`), vmNetworkGatewayId: gateway.id, externalPoolId: uuid(6), externalAddress: spec.external, portMin: 1024, portMax: 65535,
    sourcePrefixes: [], filtering: 'ADDRESS_AND_PORT_DEPENDENT', portBlockSize: 0, deterministicPrefixes: [], algs: ['FTP'],
    timeouts: { udpSeconds: 300, tcpEstablishedSeconds: 7440, tcpTransitorySeconds: 240, icmpSeconds: 60, otherSeconds: 300 } };
  const vms = spec.vms.map(([name, host, address], i) => ({
    ...common(n + 6 + i, name), hostId: HOSTS[host].id,
    nics: [{ id: uuid(n + 10 + i), name: 'eth0', vmSubnetId: subnet.id, address, mac: mac(n + 6 + i) }],
  }));
  const record = (vsid, customerAddress, m, providerAddress, type = 'STATIC', vmName) => ({ rdid: network.rdid, vsid, customerAddress, mac: m, providerAddress, type, ...(vmName && { vmName }) });
  const records = [
    record(spec.vsid, '192.168.1.1', mac(n), ROUTER),
    ...vms.map((vm) => record(spec.vsid, vm.nics[0].address, vm.nics[0].mac, Object.values(HOSTS).find((h) => h.id === vm.hostId).pa, 'STATIC', vm.name)),
    record(spec.gatewayVsid, '10.254.254.2', gateway.mac, GATEWAY.pa),
    record(spec.gatewayVsid, '0.0.0.0', gateway.mac, GATEWAY.pa, 'GATEWAY_WILDCARD'),
    record(spec.gatewayVsid, '10.254.254.1', gateway.routerMac, ROUTER),
  ];
  return { spec, network, subnet, gateway, nat, vms, records };
}

function objectsOf(tenants) {
  const pool = (n, name, site, prefix, from, to) => ({ ...common(n, name), networkSiteId: uuid(site), prefix, rangeStart: from, rangeEnd: to, reserved: [], defaultGateways: [], dnsServers: [] });
  return {
    'logical-networks': [{ ...common(1, 'provider'), networkVirtualization: true }, { ...common(2, 'datacenter'), networkVirtualization: false }],
    'network-sites': [
      { ...common(3, 'provider-site'), logicalNetworkId: uuid(1), subnets: [{ prefix: '10.10.10.0/24', vlanId: 0 }] },
      { ...common(4, 'datacenter-site'), logicalNetworkId: uuid(2), subnets: [{ prefix: '203.0.113.0/24', vlanId: 0 }] },
    ],
    'ip-pools': [pool(5, 'provider-pool', 3, '10.10.10.0/24', '10.10.10.10', '10.10.10.99'), pool(6, 'datacenter-pool', 4, '203.0.113.0/24', '203.0.113.10', '203.0.113.99')],
    gateways: [{ ...common(7, 'gw-1'), paPoolId: uuid(5), externalPoolId: uuid(6), providerAddress: GATEWAY.pa, externalAddress: '203.0.113.10', maxVmNetworks: 50 }],
    hosts: Object.entries(HOSTS).map(([name, { id, pa }]) => ({ ...common(8, name), id, hostType: 'LINUX_OVS', paPoolId: uuid(5), providerAddress: pa })),
    'vm-networks': tenants.map((t) => t.network),
    'vm-subnets': tenants.map((t) => t.subnet),
    'vm-network-gateways': tenants.map((t) => t.gateway),
    vms: tenants.flatMap((t) => t.vms),
    'nat-connections': tenants.map((t) => t.nat),
    'nat-rules': [{ ...common(60, 'contoso-http'), natConnectionId: tenants[0].nat.id, protocol: 'TCP', externalPort: 8080, internalAddress: '192.168.1.3', internalPort: 80, portCount: 1, remotePrefixes: [] }],
    'nat-one-to-ones': [{ ...common(61, 'contoso-mail'), vmNetworkGatewayId: tenants[0].gateway.id, externalPoolId: uuid(6), externalAddress: '203.0.113.30', internalAddress: '192.168.1.4' }],
    'nat-exemptions': [{ ...common(62, 'contoso-office'), vmNetworkGatewayId: tenants[0].gateway.id, sourcePrefix: '192.168.1.0/24', destinationPrefix: '10.50.0.0/16' }],
    'tenant-interfaces': [{
      ...common(63, 'contoso-office'), vmNetworkGatewayId: tenants[0].gateway.id, side: 'FRONT_END', vlanId: 100, urpf: 'STRICT',
      addresses: [{ address: '172.16.0.1', prefixLength: 29 }], routes: [{ destinationPrefix: '10.50.0.0/16', nextHop: '172.16.0.2', metric: 255 }],
    }],
    'vm-network-peerings': [],
    followers: [
      { kind: 'gateways', name: 'gw-1', state: 'LEVEL', desiredRevision: 60, appliedRevision: 60, lagRevisions: 0, lagSeconds: 0, connected: true, lastSeen: '2026-11-22T19:10:36Z', software: 'nvgate 0.1.0', forwarding: true, errors: [] },
      {
        kind: 'hosts', name: 'host-1', state: 'ERROR', desiredRevision: 60, appliedRevision: 58, lagRevisions: 2, lagSeconds: 35.2, connected: true, lastSeen: '2026-11-22T19:10:36Z', software: 'nvgate 0.1.0', forwarding: true,
        lastError: 'lookup-record/5001/192.168.1.3: no room', errors: [{ object: 'lookup-record/5001/192.168.1.3', reason: 'no room', revision: 60, at: '2026-11-22T19:10:33Z', standing: true }], drift: { missing: 1, wrong: 0, extra: 2 },
      },
      { kind: 'hosts', name: 'host-2', state: 'DISCONNECTED', desiredRevision: 60, appliedRevision: 0, lagRevisions: 60, lagSeconds: 3600, connected: false, forwarding: false, errors: [] },
    ],
    identities: [
      { kind: 'gateways', name: 'gw-1', state: 'ACTIVE', expiresAt: '2027-02-20T18:26:31Z', changedBy: 'system', certificates: [] },
      { kind: 'hosts', name: 'host-1', state: 'REVOKED', changedBy: 'ann', certificates: [] },
    ],
    'certificate-authorities': [{ name: 'ca-2', state: 'ISSUING', fingerprint: '7c1c0b1f2b0d5f0c3c6b4de2b1a0f9e8d7c6b5a4938271605f4e3d2c1b0a9988', notBefore: '2026-11-22T17:26:31Z', notAfter: '2036-11-19T18:26:31Z', nodes: 1, certificate: '' }],
  };
}

/** Integral of a wavy rate, so that charts show something and every answer fits the one before. */
const grown = (seconds, mean, phase) => Math.round(mean * seconds + (mean * 0.55 * 9) * (Math.sin(phase) - Math.sin(phase - seconds / 9)) * -1);

function statusOf(tenants, seconds) {
  const shares = tenants.map((_, i) => ({ out: grown(seconds, 5200 / (i + 1), i), in: grown(seconds, 9100 / (i + 1), i + 2) }));
  const sum = (way) => shares.reduce((total, share) => total + share[way], 0);
  const port = (name, m, rx, tx, sizes) => ({ name, device: `net_af_packet_${name}`, mac: mac(m), mtu: 1600, linkUp: true, speedMbps: 10000, rxPackets: rx, rxBytes: rx * sizes[0], txPackets: tx, txBytes: tx * sizes[1], rxMissed: 0, rxErrors: 0, txErrors: 0 });
  return {
    ports: [port('pa', 200, sum('out'), sum('in'), [230, 1180]), port('ext', 201, sum('in'), sum('out'), [1138, 188])],
    workers: [{ id: 0, cpu: 1, rxPackets: sum('in') + sum('out'), txPackets: sum('in') + sum('out'), busyPercent: 23.5 }],
    drops: { unsolicited: 1041 + Math.floor(seconds / 2), 'spoofed-source': 212, 'gre-checksum-present': 9, 'ttl-expired': 38, 'nat-ports-exhausted': 0 },
    vsids: tenants.flatMap((t, i) => [
      { vsid: t.spec.vsid, vmNetwork: t.spec.name, rxPackets: 0, rxBytes: 0, txPackets: shares[i].in, txBytes: shares[i].in * 1138, drops: 0 },
      { vsid: t.spec.gatewayVsid, vmNetwork: t.spec.name, rxPackets: shares[i].out, rxBytes: shares[i].out * 188, txPackets: 0, txBytes: 0, drops: i === 0 ? 212 : 0 },
    ]),
    sessions: 184 + Math.round(20 * Math.sin(seconds / 7)),
    records: tenants.reduce((total, t) => total + t.records.length, 0),
    uptimeSeconds: seconds,
    version: '0.1.0',
  };
}

export function fixtureFabric({ startedAt = Date.now() - 3_600_000, deviate = false, empty = false } = {}) {
  const tenants = empty ? [] : NETWORKS.map(tenant);
  const objects = empty ? Object.fromEntries(Object.keys(objectsOf(NETWORKS.map(tenant))).map((k) => [k, []])) : objectsOf(tenants);
  const revision = empty ? 0 : 60;
  const node = (id, name, status) => ({ id, name, connected: true, remoteAddress: '127.0.0.1', software: 'nvgate 0.1.0', desiredRevision: revision, appliedRevision: revision, lag: 0, forwarding: true, since: new Date(startedAt).toISOString(), status });
  const count = (kind) => objects[kind].length;
  const overview = () => {
    const seconds = (Date.now() - startedAt) / 1000;
    return {
      time: new Date().toISOString(),
      manager: { version: '0.1.0', startedAt: new Date(startedAt).toISOString() },
      revision,
      policyRevision: revision,
      counts: {
        logicalNetworks: count('logical-networks'), networkSites: count('network-sites'), ipPools: count('ip-pools'), hosts: count('hosts'), gateways: count('gateways'), vmNetworks: count('vm-networks'),
        vmSubnets: count('vm-subnets'), vmNetworkGateways: count('vm-network-gateways'), vms: count('vms'), natConnections: count('nat-connections'), natRules: count('nat-rules'),
        natOneToOnes: count('nat-one-to-ones'), natExemptions: count('nat-exemptions'), tenantInterfaces: count('tenant-interfaces'), vmNetworkPeerings: count('vm-network-peerings'),
      },
      gateways: objects.gateways.map((g) => node(g.id, g.name, statusOf(tenants, seconds))),
      hosts: objects.hosts.map((h) => node(h.id, h.name, { uptimeSeconds: seconds, records: 8, version: '0.1.0' })),
    };
  };
  const wanted = tenants.flatMap((t) => t.records);
  const real = deviate ? wanted.slice(1).map((r, i) => (i === 0 ? { ...r, providerAddress: '10.10.10.99' } : r)) : wanted;
  const matches = (row, query) => [...query].every(([key, value]) => key === 'limit' || String(row[key]) === value);
  const session = (t, i) => ({ rdid: t.network.rdid, vmNetwork: t.spec.name, vsid: t.spec.gatewayVsid, protocol: i % 3 ? 'TCP' : 'ICMP', insideAddress: '192.168.1.3', insidePort: 40000 + i, externalAddress: t.spec.external, externalPort: 20000 + i, remoteAddress: '198.51.100.80', remotePort: 80, state: 'ESTABLISHED', packetsOut: 12 * i, bytesOut: 900 * i, packetsIn: 30 * i, bytesIn: 40000 * i, idleSeconds: i });
  const mtu = (t) => ({ rdid: t.network.rdid, vmNetwork: t.spec.name, vsid: t.spec.gatewayVsid, customerAddress: '192.168.1.3', refused: 17, fragmented: 3, tunnelFragmented: 40, lastSize: 1500, mssClamped: 12, mssAnnounced: 1460, mssLowered: 1418, receivedTooBig: 0, idleSeconds: 4 });
  return {
    objects,
    overview,
    view: (kind, id, view, query) => {
      if (!['gateways', 'hosts'].includes(kind) || !objects[kind].some((o) => o.id === id)) return undefined;
      if (view === 'policy') return { revision, total: wanted.length, truncated: false, lookupRecords: wanted };
      if (view === 'lookup-records') return { items: real.filter((row) => matches(row, query)), truncated: false };
      if (view === 'sessions') return { items: tenants.flatMap((t) => [1, 2, 3, 4].map((i) => session(t, i))), truncated: false };
      if (view === 'mtu') return { items: tenants.map(mtu), truncated: false };
      return undefined;
    },
  };
}

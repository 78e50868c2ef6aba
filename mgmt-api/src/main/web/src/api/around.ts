import { list, LIMIT_MAX, type ListQuery, oneOf } from './list';
import type {
  Gateway, Host, IpPool, LogicalNetwork, NatConnection, NatExemption, NatOneToOne, NatRule, NetworkSite, Objects, TenantInterface, Vm,
  VmNetwork, VmNetworkGateway, VmNetworkPeering, VmSubnet,
} from './model';

export interface Around {
  readonly objects: Objects;
  /** How many VM networks there are that fit. */
  readonly total: number;
}

const ids = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id);

/**
 * VM networks with all that belongs to them, and nothing else: what a picture of them needs, however large the fabric is.
 *
 * @param fabric whether the one who asks sees gateways
 * @param withVms whether their VMs are wanted, too
 */
export async function networksAround(query: ListQuery, fabric: boolean, withVms: boolean | Promise<boolean> = true): Promise<Around> {
  const { items: vmNetworks, total } = await list<VmNetwork>('vm-networks', query);
  const networks = ids(vmNetworks);
  const [vmSubnets, vmNetworkGateways, from, to] = await Promise.all([
    oneOf<VmSubnet>('vm-subnets', 'vmNetworkId', networks),
    oneOf<VmNetworkGateway>('vm-network-gateways', 'vmNetworkId', networks),
    oneOf<VmNetworkPeering>('vm-network-peerings', 'vmNetworkId', networks),
    oneOf<VmNetworkPeering>('vm-network-peerings', 'peerVmNetworkId', networks),
  ]);
  const vmNetworkPeerings = [...new Map([...from, ...to].map((peering) => [peering.id, peering])).values()];
  const connections = ids(vmNetworkGateways);
  const others = vmNetworkPeerings.flatMap((p) => [p.vmNetworkId, p.peerVmNetworkId]).filter((id) => !networks.includes(id));
  const [natConnections, natOneToOnes, natExemptions, tenantInterfaces, vms, peers, gateways] = await Promise.all([
    oneOf<NatConnection>('nat-connections', 'vmNetworkGatewayId', connections),
    oneOf<NatOneToOne>('nat-one-to-ones', 'vmNetworkGatewayId', connections),
    oneOf<NatExemption>('nat-exemptions', 'vmNetworkGatewayId', connections),
    oneOf<TenantInterface>('tenant-interfaces', 'vmNetworkGatewayId', connections),
    (await withVms) ? oneOf<Vm>('vms', 'nics.vmSubnetId', ids(vmSubnets)) : [],
    oneOf<VmNetwork>('vm-networks', 'id', others),
    fabric ? oneOf<Gateway>('gateways', 'id', vmNetworkGateways.map(({ gatewayId }) => gatewayId)) : [],
  ]);
  const natRules = await oneOf<NatRule>('nat-rules', 'natConnectionId', ids(natConnections));
  return {
    total,
    objects: {
      ...EMPTY, vmNetworks, vmSubnets, vmNetworkGateways, vmNetworkPeerings, natConnections, natOneToOnes, natExemptions, natRules, tenantInterfaces, gateways, peers,
      vms: [...new Map(vms.map((vm) => [vm.id, vm])).values()],
    },
  };
}

export const EMPTY: Objects = {
  logicalNetworks: [], networkSites: [], ipPools: [], hosts: [], gateways: [], vmNetworks: [], peers: [], vmSubnets: [], vmNetworkGateways: [], vms: [], vmsTotal: 0,
  natConnections: [], natRules: [], natOneToOnes: [], natExemptions: [], tenantInterfaces: [], vmNetworkPeerings: [],
};

/** VM networks that a picture has room for. */
const LEGEND = 40;

/** What the picture is about: one VM network, one host, or all if they are few. */
export interface Focus {
  readonly network?: string;
  readonly host?: string;
}

/** Machines and networks of the fabric, with the VMs that the focus asks for; all of them if there are no more than `few`. */
export async function fabricAround({ network, host }: Focus, few: number): Promise<Around> {
  const all = <T>(kind: string) => list<T>(kind, { limit: LIMIT_MAX });
  const counted = list<Vm>('vms', { limit: 1 });
  const areFew = counted.then(({ total }) => total <= few);
  // Who asked for the count hears of a failure.
  areFew.catch(() => undefined);
  const machines = Promise.all([all<Host>('hosts'), all<Gateway>('gateways')]);
  const [logicalNetworks, networkSites, [hosts, gateways], ipPools, some, count, chosen, vmsOfOne] = await Promise.all([
    all<LogicalNetwork>('logical-networks'), all<NetworkSite>('network-sites'), machines, machines.then(([of, and]) => poolsOf(of.items, and.items)),
    networksAround({ limit: LEGEND, sort: 'createdRevision' }, true, areFew), counted,
    network === undefined ? undefined : networksAround({ filter: `id:${network}`, limit: 1 }, true),
    host === undefined ? EMPTY : areFew.then((are) => (are ? EMPTY : vmsOfHost(host))),
  ]);
  const known = count.total <= few || !chosen ? some : chosen;
  const ofHost = vmsOfOne;
  return {
    total: some.total,
    objects: {
      ...joined(joined(some.objects, known.objects), ofHost),
      logicalNetworks: logicalNetworks.items, networkSites: networkSites.items, hosts: hosts.items, gateways: gateways.items, ipPools,
      vms: network === undefined && host !== undefined && count.total > few ? ofHost.vms : known.objects.vms,
      vmsTotal: count.total,
    },
  };
}

const poolsOf = (hosts: readonly Host[], gateways: readonly Gateway[]): Promise<readonly IpPool[]> =>
  oneOf<IpPool>('ip-pools', 'id', [...hosts, ...gateways].map(({ paPoolId }) => paPoolId).concat(gateways.map(({ externalPoolId }) => externalPoolId)));

async function vmsOfHost(host: string): Promise<Objects> {
  const { items: vms } = await list<Vm>('vms', { filter: `hostId=${host}`, limit: LIMIT_MAX });
  const vmSubnets = await oneOf<VmSubnet>('vm-subnets', 'id', vms.flatMap(({ nics }) => nics.map(({ vmSubnetId }) => vmSubnetId)));
  const networks = vmSubnets.map(({ vmNetworkId }) => vmNetworkId);
  const [vmNetworks, vmNetworkGateways] = await Promise.all([
    oneOf<VmNetwork>('vm-networks', 'id', networks), oneOf<VmNetworkGateway>('vm-network-gateways', 'vmNetworkId', networks),
  ]);
  return { ...EMPTY, vms, vmSubnets, vmNetworks, vmNetworkGateways };
}

/** Both, each object once. */
function joined(a: Objects, b: Objects): Objects {
  const both = <T extends { readonly id: string }>(one: readonly T[], other: readonly T[]): readonly T[] =>
    [...new Map([...one, ...other].map((item) => [item.id, item])).values()];
  return {
    ...a,
    vmNetworks: both(a.vmNetworks, b.vmNetworks), peers: both(a.peers ?? [], b.peers ?? []), vmSubnets: both(a.vmSubnets, b.vmSubnets), vmNetworkGateways: both(a.vmNetworkGateways, b.vmNetworkGateways),
    natConnections: both(a.natConnections, b.natConnections), natRules: both(a.natRules, b.natRules), natOneToOnes: both(a.natOneToOnes, b.natOneToOnes),
    natExemptions: both(a.natExemptions, b.natExemptions), tenantInterfaces: both(a.tenantInterfaces, b.tenantInterfaces),
    vmNetworkPeerings: both(a.vmNetworkPeerings, b.vmNetworkPeerings),
  };
}

import type {
  Gateway, Host, IpPool, LogicalNetwork, NatConnection, NatExemption, NatOneToOne, NatRule, NetworkSite, Nic, Objects,
  TenantInterface, Vm, VmNetwork, VmNetworkGateway, VmNetworkPeering, VmSubnet,
} from '../api/model';

/** Number of distinct tenant colours; more VM networks share them, so colour never stands without the name. */
export const TENANT_COLOURS = 8;

/** A VM network with everything that belongs to it. */
export interface Tenant {
  readonly network: VmNetwork;
  /** 0..TENANT_COLOURS-1, stable while older VM networks live. */
  readonly colour: number;
  readonly subnets: readonly VmSubnet[];
  readonly connection?: VmNetworkGateway;
  readonly gateway?: Gateway;
  readonly nats: readonly NatConnection[];
  readonly oneToOnes: readonly NatOneToOne[];
  readonly exemptions: readonly NatExemption[];
  readonly interfaces: readonly TenantInterface[];
  /** Those that name it on either side. */
  readonly peerings: readonly VmNetworkPeering[];
  readonly vms: readonly Vm[];
}

export interface FabricIndex {
  readonly objects: Objects;
  readonly tenants: readonly Tenant[];
  readonly tenantByNetwork: ReadonlyMap<string, Tenant>;
  /** Also of peers that are not among the tenants. */
  readonly networkNames: ReadonlyMap<string, string>;
  readonly tenantByRdid: ReadonlyMap<string, Tenant>;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly gateways: ReadonlyMap<string, Gateway>;
  readonly subnets: ReadonlyMap<string, VmSubnet>;
  readonly pools: ReadonlyMap<string, IpPool>;
  readonly sites: ReadonlyMap<string, NetworkSite>;
  readonly logicalNetworks: ReadonlyMap<string, LogicalNetwork>;
  readonly rulesByNat: ReadonlyMap<string, readonly NatRule[]>;
}

const byId = <T extends { readonly id: string }>(items: readonly T[]): Map<string, T> =>
  new Map(items.map((item) => [item.id, item]));

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** Joins the flat lists of the API into what the pages ask for. Linear in the number of objects. */
export function indexFabric(objects: Objects): FabricIndex {
  const gateways = byId(objects.gateways);
  const subnets = byId(objects.vmSubnets);
  const subnetsByNetwork = groupBy(objects.vmSubnets, (subnet) => subnet.vmNetworkId);
  const connectionByNetwork = new Map(objects.vmNetworkGateways.map((g) => [g.vmNetworkId, g]));
  const natsByConnection = groupBy(objects.natConnections, (nat) => nat.vmNetworkGatewayId);
  const oneToOnesByConnection = groupBy(objects.natOneToOnes, (one) => one.vmNetworkGatewayId);
  const exemptionsByConnection = groupBy(objects.natExemptions, (exemption) => exemption.vmNetworkGatewayId);
  const interfacesByConnection = groupBy(objects.tenantInterfaces, (tenant) => tenant.vmNetworkGatewayId);
  const peeringsOf = groupBy(objects.vmNetworkPeerings, (peering) => peering.vmNetworkId);
  const peeringsTo = groupBy(objects.vmNetworkPeerings, (peering) => peering.peerVmNetworkId);
  const vmsByNetwork = groupVms(objects.vms, subnets);
  const oldestFirst = [...objects.vmNetworks].sort((a, b) => a.createdRevision - b.createdRevision);
  const tenants = oldestFirst.map((network, order): Tenant => {
    const connection = connectionByNetwork.get(network.id);
    return {
      network,
      colour: order % TENANT_COLOURS,
      subnets: subnetsByNetwork.get(network.id) ?? [],
      connection,
      gateway: connection && gateways.get(connection.gatewayId),
      nats: (connection && natsByConnection.get(connection.id)) ?? [],
      oneToOnes: (connection && oneToOnesByConnection.get(connection.id)) ?? [],
      exemptions: (connection && exemptionsByConnection.get(connection.id)) ?? [],
      interfaces: (connection && interfacesByConnection.get(connection.id)) ?? [],
      peerings: [...(peeringsOf.get(network.id) ?? []), ...(peeringsTo.get(network.id) ?? [])],
      vms: vmsByNetwork.get(network.id) ?? [],
    };
  });
  return {
    objects,
    tenants,
    tenantByNetwork: new Map(tenants.map((tenant) => [tenant.network.id, tenant])),
    networkNames: new Map([...objects.vmNetworks, ...(objects.peers ?? [])].map(({ id, name }) => [id, name])),
    tenantByRdid: new Map(tenants.map((tenant) => [tenant.network.rdid.toLowerCase(), tenant])),
    hosts: byId(objects.hosts),
    gateways,
    subnets,
    pools: byId(objects.ipPools),
    sites: byId(objects.networkSites),
    logicalNetworks: byId(objects.logicalNetworks),
    rulesByNat: groupBy(objects.natRules, (rule) => rule.natConnectionId),
  };
}

function groupVms(vms: readonly Vm[], subnets: ReadonlyMap<string, VmSubnet>): Map<string, Vm[]> {
  const groups = new Map<string, Vm[]>();
  for (const vm of vms) {
    const networks = new Set(vm.nics.map((nic) => subnets.get(nic.vmSubnetId)?.vmNetworkId));
    for (const network of networks) {
      if (network === undefined) continue;
      const group = groups.get(network);
      if (group) group.push(vm);
      else groups.set(network, [vm]);
    }
  }
  return groups;
}

export interface Placement {
  readonly vm: Vm;
  readonly nic: Nic;
  readonly subnet?: VmSubnet;
  readonly tenant?: Tenant;
  readonly host?: Host;
}

/** The external addresses of a tenant: of its NAT connections and of its 1:1 addresses, each once. */
export function externalAddressesOf(tenant: Tenant): string[] {
  return [...new Set([...tenant.nats, ...tenant.oneToOnes].map((nat) => nat.externalAddress))];
}

/** One row per NIC: what the fabric knows of it. */
export function placements(index: FabricIndex, vms: readonly Vm[] = index.objects.vms): Placement[] {
  return vms.flatMap((vm) =>
    vm.nics.map((nic): Placement => {
      const subnet = index.subnets.get(nic.vmSubnetId);
      const tenant = subnet && index.tenantByNetwork.get(subnet.vmNetworkId);
      return { vm, nic, subnet, tenant, host: index.hosts.get(vm.hostId) };
    }),
  );
}

/** The logical network an IP pool draws from; undefined for pools of VM subnets. */
export function networkOfPool(index: FabricIndex, poolId: string): LogicalNetwork | undefined {
  const pool = index.pools.get(poolId);
  const site = pool?.networkSiteId === undefined ? undefined : index.sites.get(pool.networkSiteId);
  return site && index.logicalNetworks.get(site.logicalNetworkId);
}

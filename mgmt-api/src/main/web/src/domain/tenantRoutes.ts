import type { FabricIndex, Tenant } from './fabricIndex';

/** A way out of a VM network besides NAT. */
export interface RouteRow {
  readonly key: string;
  readonly tenant: Tenant;
  readonly kind: 'interface' | 'interfaceRoute' | 'peering' | 'route' | 'blackhole' | 'nat64' | 'nptv6';
  readonly prefix: string;
  /** Next hops, VLAN, peer or outside prefix. */
  readonly way: string;
  /** Of the object that has it. */
  readonly name: string;
}

/** Tenant interfaces with their routes, peerings from both sides, routes and translated prefixes of VM network gateways. */
export function tenantRoutes(index: FabricIndex): RouteRow[] {
  return index.tenants.flatMap((tenant) => [...ofInterfaces(tenant), ...ofPeerings(tenant, index), ...ofGateway(tenant)]);
}

function ofInterfaces(tenant: Tenant): RouteRow[] {
  return tenant.interfaces.flatMap(({ id, name, side, vlanId, addresses, routes }) => [
    ...addresses.map((a): RouteRow => ({
      key: `${id} ${a.address}`, tenant, kind: 'interface', prefix: `${a.address}/${a.prefixLength}`, way: `${side} VLAN ${vlanId}`, name,
    })),
    ...routes.map((r): RouteRow => ({
      key: `${id} ${r.destinationPrefix} ${r.nextHop}`, tenant, kind: 'interfaceRoute', prefix: r.destinationPrefix, way: r.nextHop, name,
    })),
  ]);
}

function ofPeerings(tenant: Tenant, index: FabricIndex): RouteRow[] {
  return tenant.peerings.flatMap((peering) => {
    const first = peering.vmNetworkId === tenant.network.id;
    const peer = index.networkNames.get(first ? peering.peerVmNetworkId : peering.vmNetworkId);
    const reached = first ? peering.peerPrefixes : peering.prefixes;
    return reached.map((prefix): RouteRow => ({
      key: `${peering.id} ${tenant.network.id} ${prefix}`, tenant, kind: 'peering', prefix, way: peer ?? '', name: peering.name,
    }));
  });
}

function ofGateway(tenant: Tenant): RouteRow[] {
  const { connection } = tenant;
  if (!connection) return [];
  const { id, name } = connection;
  const row = (kind: RouteRow['kind'], prefix: string, way: string): RouteRow => ({ key: `${id} ${kind} ${prefix}`, tenant, kind, prefix, way, name });
  return [
    ...connection.routes.map((route) =>
      route.blackhole ? row('blackhole', route.destinationPrefix, '') : row('route', route.destinationPrefix, (route.nextHops ?? []).join(' ')),
    ),
    ...(connection.nat64Prefix === undefined ? [] : [row('nat64', connection.nat64Prefix, '')]),
    ...connection.nptv6Prefixes.map((pair) => row('nptv6', pair.insidePrefix, pair.outsidePrefix)),
  ];
}

import type { Host, NodeStatus, Overview } from '../api/model';
import { type FabricIndex, networkOfPool, type Placement, placements, type Tenant } from './fabricIndex';

/** The fabric as a picture: physical networks – gateways – provider networks – hosts – VMs. */
export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}

/** Where and how a tenant leaves through a gateway. */
export interface Exit {
  readonly tenant: Tenant;
  readonly externalAddresses: readonly string[];
}

export type TopologyNode =
  | { readonly kind: 'physical' | 'paNetwork'; readonly id: string; readonly name: string; readonly prefixes: readonly string[] }
  | {
      readonly kind: 'gateway';
      readonly id: string;
      readonly name: string;
      readonly providerAddress: string;
      readonly externalAddress: string;
      readonly status?: NodeStatus;
      readonly exits: readonly Exit[];
    }
  | {
      readonly kind: 'host';
      readonly id: string;
      readonly name: string;
      readonly providerAddress: string;
      readonly hostType: string;
      readonly status?: NodeStatus;
    }
  | { readonly kind: 'vm'; readonly id: string; readonly name: string; readonly tenant?: Tenant; readonly nics: readonly Placement[] }
  | { readonly kind: 'vmGroup'; readonly id: string; readonly name: string; readonly tenant?: Tenant; readonly size: number };

export type TopologyKind = TopologyNode['kind'];

export interface TopologyEdge {
  readonly from: string;
  readonly to: string;
  readonly tenant?: Tenant;
}

/** More VMs than this are drawn as one node per host and VM network: nobody reads a picture of a thousand boxes. */
export const MAX_SINGLE_VMS = 60;

/** More hosts than this are not drawn, but those of the VMs that the picture shows. */
export const MAX_HOSTS = 40;

/** Identity of a node in the picture and in the page's address, such as "host:3b6d…". */
export const nodeId = (kind: TopologyKind, id: string): string => `${kind}:${id}`;

/** @param chosen a node that is drawn in any case */
export function buildTopology(index: FabricIndex, overview: Overview | undefined, chosen?: string): Topology {
  const status = new Map([...(overview?.gateways ?? []), ...(overview?.hosts ?? [])].map((node) => [node.id, node]));
  const nodes: TopologyNode[] = [];
  const edges: TopologyEdge[] = [];
  addNetworks(index, nodes);
  addGateways(index, status, nodes, edges);
  addHosts(index, drawnHosts(index, chosen), status, nodes, edges);
  addVms(index, nodes, edges);
  const known = new Set(nodes.map((node) => node.id));
  return { nodes, edges: edges.filter((edge) => known.has(edge.from) && known.has(edge.to)) };
}

function addNetworks(index: FabricIndex, nodes: TopologyNode[]): void {
  for (const network of index.objects.logicalNetworks) {
    const sites = index.objects.networkSites.filter((site) => site.logicalNetworkId === network.id);
    const kind = network.networkVirtualization ? 'paNetwork' : 'physical';
    const prefixes = sites.flatMap((site) => site.subnets.flatMap((subnet) => subnet.prefix ?? []));
    nodes.push({ kind, id: nodeId(kind, network.id), name: network.name, prefixes });
  }
}

function addGateways(
  index: FabricIndex,
  status: ReadonlyMap<string, NodeStatus>,
  nodes: TopologyNode[],
  edges: TopologyEdge[],
): void {
  for (const { id: objectId, name, providerAddress, externalAddress, paPoolId, externalPoolId } of index.objects.gateways) {
    const id = nodeId('gateway', objectId);
    const served = index.tenants.filter((tenant) => tenant.connection?.gatewayId === objectId);
    const exits = served.map((tenant) => ({ tenant, externalAddresses: tenant.nats.map((nat) => nat.externalAddress) }));
    nodes.push({ kind: 'gateway', id, name, providerAddress, externalAddress, status: status.get(objectId), exits });
    const outside = networkOfPool(index, externalPoolId);
    const inside = networkOfPool(index, paPoolId);
    if (outside) edges.push({ from: nodeId('physical', outside.id), to: id });
    if (inside) edges.push({ from: id, to: nodeId('paNetwork', inside.id) });
  }
}

/** All, or if they are too many those that have VMs of the picture, then the others as they come. */
function drawnHosts(index: FabricIndex, chosen: string | undefined): readonly Host[] {
  const { hosts, vms } = index.objects;
  if (hosts.length <= MAX_HOSTS) return hosts;
  const used = new Set(vms.map(({ hostId }) => hostId));
  const wanted = hosts.filter(({ id }) => used.has(id) || nodeId('host', id) === chosen);
  const others = hosts.filter((host) => !wanted.includes(host)).slice(0, Math.max(0, MAX_HOSTS - wanted.length));
  const drawn = new Set([...wanted, ...others]);
  return hosts.filter((host) => drawn.has(host));
}

function addHosts(
  index: FabricIndex,
  hosts: readonly Host[],
  status: ReadonlyMap<string, NodeStatus>,
  nodes: TopologyNode[],
  edges: TopologyEdge[],
): void {
  for (const { id: objectId, name, providerAddress, hostType, paPoolId } of hosts) {
    const id = nodeId('host', objectId);
    nodes.push({ kind: 'host', id, name, providerAddress, hostType, status: status.get(objectId) });
    const network = networkOfPool(index, paPoolId);
    if (network) edges.push({ from: nodeId('paNetwork', network.id), to: id });
  }
}

function addVms(index: FabricIndex, nodes: TopologyNode[], edges: TopologyEdge[]): void {
  if (index.objects.vms.length > MAX_SINGLE_VMS) addVmGroups(index, nodes, edges);
  else addSingleVms(index, nodes, edges);
}

function addSingleVms(index: FabricIndex, nodes: TopologyNode[], edges: TopologyEdge[]): void {
  for (const vm of index.objects.vms) {
    const id = nodeId('vm', vm.id);
    const nics = placements(index, [vm]);
    const tenant = nics[0]?.tenant;
    nodes.push({ kind: 'vm', id, name: vm.name, tenant, nics });
    edges.push({ from: nodeId('host', vm.hostId), to: id, tenant });
  }
}

function addVmGroups(index: FabricIndex, nodes: TopologyNode[], edges: TopologyEdge[]): void {
  const groups = new Map<string, { hostId: string; tenant: Tenant | undefined; vms: Set<string> }>();
  for (const { vm, tenant } of placements(index)) {
    const key = `${vm.hostId}/${tenant?.network.id ?? ''}`;
    const group = groups.get(key) ?? { hostId: vm.hostId, tenant, vms: new Set<string>() };
    group.vms.add(vm.id);
    groups.set(key, group);
  }
  for (const [key, { hostId, tenant, vms }] of groups) {
    const id = nodeId('vmGroup', key);
    nodes.push({ kind: 'vmGroup', id, name: tenant?.network.name ?? '', tenant, size: vms.size });
    edges.push({ from: nodeId('host', hostId), to: id, tenant });
  }
}

/** Whether a node has to do with a VM network; networks, gateways and hosts are shared and never fade out. */
export function concerns(node: TopologyNode, networkId: string | undefined): boolean {
  if (networkId === undefined) return true;
  if (node.kind === 'vm') return node.nics.some((nic) => nic.tenant?.network.id === networkId);
  if (node.kind === 'vmGroup') return node.tenant?.network.id === networkId;
  return true;
}

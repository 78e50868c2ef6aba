import type { RecordFilter } from '../../api/client';
import type { NodeRef } from '../../api/model';
import type { FabricIndex } from '../../domain/fabricIndex';
import type { TopologyNode } from '../../domain/topology';

/** Which node to ask for which of its lookup records. */
export interface RecordQuestion {
  readonly node: NodeRef & { readonly name: string };
  readonly filters: readonly RecordFilter[];
}

/** The question that tells how traffic for an object is really sent; undefined when no record can concern it. */
export function recordQuestion(node: TopologyNode, index: FabricIndex): RecordQuestion | undefined {
  const objectId = node.id.slice(node.id.indexOf(':') + 1);
  switch (node.kind) {
    case 'gateway':
      return { node: { kind: 'gateway', id: objectId, name: node.name }, filters: [{ providerAddress: node.providerAddress }] };
    case 'host': {
      const gateway = index.objects.gateways[0];
      const asked = gateway ? ({ kind: 'gateway', id: gateway.id, name: gateway.name } as const) : ({ kind: 'host', id: objectId, name: node.name } as const);
      return { node: asked, filters: [{ providerAddress: node.providerAddress }] };
    }
    case 'vm': {
      const first = node.nics[0];
      const gateway = first?.tenant?.gateway;
      const asked = gateway ? ({ kind: 'gateway', id: gateway.id, name: gateway.name } as const) : first?.host && ({ kind: 'host', id: first.host.id, name: first.host.name } as const);
      const filters = node.nics.flatMap(({ nic, subnet }) => (subnet ? [{ vsid: subnet.vsid, customerAddress: nic.address }] : []));
      return asked && { node: asked, filters };
    }
    case 'vmGroup':
    case 'physical':
    case 'paNetwork':
      return undefined;
  }
}

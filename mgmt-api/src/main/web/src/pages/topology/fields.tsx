import type { ReactNode } from 'react';
import type { NodeStatus } from '../../api/model';
import { Mono } from '../../components/Mono';
import { NodeState } from '../../components/NodeState';
import { TenantDot } from '../../components/TenantName';
import type { FabricIndex, Placement, Tenant } from '../../domain/fabricIndex';
import type { TopologyNode } from '../../domain/topology';
import { count, duration } from '../../domain/units';
import { text } from '../../text/en';

export type Field = readonly [term: string, value: ReactNode];

const f = text.fields;
const lines = (items: readonly ReactNode[]): ReactNode => <div className="nv-lines">{items}</div>;

/** Terms and values of one object, most asked first. */
export function fieldsOf(node: TopologyNode, index: FabricIndex): Field[] {
  switch (node.kind) {
    case 'physical':
    case 'paNetwork':
      return [[f.prefixes, lines(node.prefixes.map((prefix) => <Mono key={prefix}>{prefix}</Mono>))], ...identity(node, index)];
    case 'gateway':
      return [
        ...statusFields(node.status),
        [f.externalAddress, <Mono key="ext">{node.externalAddress}</Mono>],
        [f.providerAddress, <Mono key="pa">{node.providerAddress}</Mono>],
        [f.vmNetworks, lines(node.exits.map(({ tenant, externalAddresses }) => <TenantLine key={tenant.network.id} tenant={tenant} note={externalAddresses.join(' ')} />))],
        ...identity(node, index),
      ];
    case 'host':
      return [
        ...statusFields(node.status),
        [f.providerAddress, <Mono key="pa">{node.providerAddress}</Mono>],
        [f.hostType, node.hostType],
        ...identity(node, index),
      ];
    case 'vm':
      return [...node.nics.flatMap((placement) => nicFields(placement, index)), ...identity(node, index)];
    case 'vmGroup':
      return [[f.vmNetwork, node.tenant ? <TenantLine key="tenant" tenant={node.tenant} /> : text.unknown]];
  }
}

function TenantLine({ tenant, note }: { tenant: Tenant; note?: string }) {
  return (
    <span>
      <TenantDot colour={tenant.colour} /> {tenant.network.name} {note && <Mono>{note}</Mono>}
    </span>
  );
}

function statusFields(node: NodeStatus | undefined): Field[] {
  if (!node) return [[f.state, text.unknown]];
  const { status } = node;
  const fields: (Field | undefined)[] = [
    [f.state, <NodeState key="state" node={node} />],
    [f.revision, `${count(node.appliedRevision)} / ${count(node.desiredRevision)}`],
    node.lastError === undefined ? undefined : [text.columns.lastError, <span key="error" className="nv-bad">{node.lastError}</span>],
    node.software === undefined ? undefined : [f.version, node.software],
    status?.uptimeSeconds === undefined ? undefined : [f.uptime, duration(status.uptimeSeconds)],
    status?.sessions === undefined ? undefined : [f.sessions, count(status.sessions)],
  ];
  return fields.filter((field): field is Field => field !== undefined);
}

function nicFields({ nic, subnet, tenant, host }: Placement, index: FabricIndex): Field[] {
  const rules = (tenant?.nats ?? []).flatMap((nat) =>
    (index.rulesByNat.get(nat.id) ?? [])
      .filter((rule) => rule.internalAddress === nic.address)
      .map((rule) => `${nat.externalAddress}:${rule.externalPort} → ${rule.internalPort} ${rule.protocol}${rule.portCount === 1 ? '' : ` (${rule.portCount})`}`),
  );
  const external = (tenant?.nats ?? []).map((nat) => nat.externalAddress).join(' ');
  const fields: (Field | undefined)[] = [
    tenant && [f.vmNetwork, <TenantLine key="tenant" tenant={tenant} />],
    [f.customerAddress, lines([nic.address, nic.address6].filter((a) => a !== undefined).map((a) => <Mono key={a}>{a}</Mono>))],
    subnet && [f.vsid, String(subnet.vsid)],
    subnet && [f.prefix, <Mono key="prefix">{subnet.prefix}</Mono>],
    subnet && [f.defaultGateway, <Mono key="dg">{subnet.defaultGateway}</Mono>],
    [f.mac, <Mono key="mac">{nic.mac}</Mono>],
    host && [f.host, host.name],
    host && [f.providerAddress, <Mono key="pa">{host.providerAddress}</Mono>],
    external === '' ? undefined : [f.externalAddress, <Mono key="external">{external}</Mono>],
    tenant?.connection && [f.gatewayVsid, String(tenant.connection.vsid)],
    rules.length === 0 ? undefined : [f.published, lines(rules.map((rule) => <Mono key={rule}>{rule}</Mono>))],
    tenant && [f.rdid, <Mono key="rdid">{tenant.network.rdid}</Mono>],
  ];
  return fields.filter((field): field is Field => field !== undefined);
}

function identity(node: TopologyNode, { objects }: FabricIndex): Field[] {
  const id = node.id.slice(node.id.indexOf(':') + 1);
  const all = [...objects.logicalNetworks, ...objects.gateways, ...objects.hosts, ...objects.vms];
  const object = all.find((candidate) => candidate.id === id);
  if (!object) return [];
  const description: Field[] = object.description ? [[f.description, object.description]] : [];
  return [...description, [f.id, <Mono key="id">{id}</Mono>], [f.changed, count(object.changedRevision)]];
}

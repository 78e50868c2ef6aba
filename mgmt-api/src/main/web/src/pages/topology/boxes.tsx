import EthernetIcon from '@patternfly/react-icons/dist/esm/icons/ethernet-icon';
import GlobeIcon from '@patternfly/react-icons/dist/esm/icons/globe-icon';
import NetworkIcon from '@patternfly/react-icons/dist/esm/icons/network-icon';
import ServerIcon from '@patternfly/react-icons/dist/esm/icons/server-icon';
import VirtualMachineIcon from '@patternfly/react-icons/dist/esm/icons/virtual-machine-icon';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import type { ReactNode } from 'react';
import type { NodeStatus } from '../../api/model';
import { Mono } from '../../components/Mono';
import { TenantDot } from '../../components/TenantName';
import type { TopologyKind, TopologyNode } from '../../domain/topology';
import { text } from '../../text/en';
import { type Direction, MAX_EXITS } from './layout';

export type Box = Node<{ node: TopologyNode; direction: Direction; faded: boolean }, 'box'>;

const ICONS: Record<TopologyKind, ReactNode> = {
  physical: <GlobeIcon />,
  paNetwork: <EthernetIcon />,
  gateway: <NetworkIcon />,
  host: <ServerIcon />,
  vm: <VirtualMachineIcon />,
  vmGroup: <VirtualMachineIcon />,
};

/** Any object of the picture: icon, kind, name, and the addresses people look for. */
export function BoxView({ data: { node, direction, faded }, selected }: NodeProps<Box>) {
  const tenant = node.kind === 'vm' || node.kind === 'vmGroup' ? node.tenant : undefined;
  const classes = ['nv-box', `nv-box--${node.kind}`, tenant && `nv-tenant-${tenant.colour}`, selected && 'is-selected', faded && 'is-faded'];
  return (
    <div className={classes.filter(Boolean).join(' ')} data-testid={`box-${node.kind}`}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <div className="nv-box__head">
        <span className="nv-box__icon" aria-hidden="true">{ICONS[node.kind]}</span>
        <span className="nv-box__title">
          <small>{subtitle(node)}</small>
          <strong>{title(node)}</strong>
        </span>
        {(node.kind === 'gateway' || node.kind === 'host') && <Lamp status={node.status} />}
      </div>
      <Body node={node} />
      <Handle
        type="source"
        className={direction === 'TREE' ? 'nv-handle--tree' : undefined}
        position={direction === 'ACROSS' ? Position.Right : Position.Bottom}
        isConnectable={false}
      />
    </div>
  );
}

export function title(node: TopologyNode): string {
  return node.kind === 'vmGroup' ? text.topology.group(node.size) : node.name;
}

function subtitle(node: TopologyNode): string {
  if (node.kind === 'vm') return node.tenant?.network.name ?? text.kinds.vm;
  if (node.kind === 'vmGroup') return node.name;
  return text.kinds[node.kind];
}

function Lamp({ status }: { status: NodeStatus | undefined }) {
  const on = status?.connected ?? false;
  const label = on ? text.nodeState.connected : text.nodeState.disconnected;
  return <span className={`nv-lamp ${on ? 'is-on' : 'is-off'}`} role="img" aria-label={label} title={label} />;
}

function Body({ node }: { node: TopologyNode }): ReactNode {
  switch (node.kind) {
    case 'physical':
    case 'paNetwork':
      return <div className="nv-lines">{node.prefixes.map((prefix) => <Mono key={prefix}>{prefix}</Mono>)}</div>;
    case 'host':
      return <Fact name="PA" value={node.providerAddress} />;
    case 'vm':
      return (
        <div className="nv-lines">
          {node.nics.map(({ nic, subnet }) => (
            <span key={nic.id} className="nv-box__nic">
              <Fact name="CA" value={nic.address} />
              {subnet && <Fact name="VSID" value={String(subnet.vsid)} />}
            </span>
          ))}
        </div>
      );
    case 'gateway':
      return <GatewayBody node={node} />;
    case 'vmGroup':
      return null;
  }
}

function GatewayBody({ node }: { node: Extract<TopologyNode, { kind: 'gateway' }> }) {
  const more = node.exits.length - MAX_EXITS;
  return (
    <>
      <div className="nv-lines">
        <Fact name="External" value={node.externalAddress} />
        <Fact name="PA" value={node.providerAddress} />
      </div>
      {node.exits.length > 0 && (
        <ul className="nv-exits">
          {node.exits.slice(0, MAX_EXITS).map(({ tenant, externalAddresses }) => (
            <li key={tenant.network.id}>
              <TenantDot colour={tenant.colour} />
              <span>{tenant.network.name}</span>
              <Mono>{externalAddresses.join(' ') || text.none}</Mono>
            </li>
          ))}
          {more > 0 && <li className="nv-quiet">+ {more}</li>}
        </ul>
      )}
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <span className="nv-fact">
      <small>{name}</small> <Mono>{value}</Mono>
    </span>
  );
}

export const nodeTypes = { box: BoxView };

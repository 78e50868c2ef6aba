import { Link } from 'react-router';
import { useById, useFound } from '../api/lookups';
import { text } from '../text/en';
import { Mono } from './Mono';

/** Cells of tables that name what an object refers to; those of a page ask together. */

export function NetworkCell({ id }: { id: string | undefined }) {
  const network = useById('vm-networks', id);
  return network ? <Link to={`/fabric/vm-networks/${network.id}`}>{network.name}</Link> : <span>{text.none}</span>;
}

export function SubnetNetworkCell({ id }: { id: string | undefined }) {
  return <NetworkCell id={useById('vm-subnets', id)?.['vmNetworkId'] as string | undefined} />;
}

export function ConnectionNetworkCell({ id }: { id: string | undefined }) {
  return <NetworkCell id={useById('vm-network-gateways', id)?.['vmNetworkId'] as string | undefined} />;
}

export function NatNetworkCell({ id }: { id: string | undefined }) {
  return <ConnectionNetworkCell id={useById('nat-connections', id)?.['vmNetworkGatewayId'] as string | undefined} />;
}

/** One field of an object that is referred to. */
export function FieldCell({ kind, id, field, mono = false }: { kind: string; id: string | undefined; field: string; mono?: boolean }) {
  const value = useById(kind, id)?.[field];
  if (value === undefined) return <span>{text.none}</span>;
  return mono ? <Mono>{String(value)}</Mono> : <span>{String(value)}</span>;
}

export function HostCell({ id }: { id: string | undefined }) {
  const host = useById('hosts', id);
  return host ? <Link to={`/topology?selected=host:${host.id}`}>{host.name}</Link> : <span>{text.none}</span>;
}

export function GatewayCell({ id }: { id: string | undefined }) {
  const gateway = useById('gateways', id);
  return gateway ? <Link to={`/topology?selected=gateway:${gateway.id}`}>{gateway.name}</Link> : <span>{text.none}</span>;
}

/** The VM network of a routing domain; its id where there is none. */
export function RdidCell({ rdid }: { rdid: string }) {
  const network = useFound('vm-networks', 'rdid', rdid.toLowerCase());
  return network ? <Link to={`/fabric/vm-networks/${network.id}`}>{network.name}</Link> : <Mono>{rdid}</Mono>;
}

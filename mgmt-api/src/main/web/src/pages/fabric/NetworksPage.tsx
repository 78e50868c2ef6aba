import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { filterValue } from '../../api/list';
import { type Found, useChildren } from '../../api/lookups';
import type { TenantInterface, VmNetwork, VmNetworkPeering } from '../../api/model';
import { useMay } from '../../api/session';
import { ConnectionNetworkCell, GatewayCell, NetworkCell } from '../../components/cells';
import type { Column } from '../../components/DataTable';
import { Mono } from '../../components/Mono';
import { NextStep } from '../../components/NextStep';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { ServerTable } from '../../components/ServerTable';
import { text } from '../../text/en';
import { formText } from '../../text/forms';

const c = text.columns;
const t = text.networks;

const byName = (wanted: string) => `name~${filterValue(wanted)}`;
const lines = (items: readonly ReactNode[]): ReactNode => <div className="nv-lines">{items}</div>;
const word = (object: Found | undefined, field: string): string => String(object?.[field] ?? '');

const COLUMNS: readonly Column<VmNetwork>[] = [
  { id: 'name', title: c.name, cell: (n) => lines([<Link key="name" to={`/fabric/vm-networks/${n.id}`}>{n.name}</Link>, <small key="rdid" title={c.rdid}><Mono>{n.rdid}</Mono></small>]) },
  { id: 'subnets', title: c.subnets, cell: (n) => <Subnets id={n.id} /> },
  { id: 'gateway', title: c.gateway, cell: (n) => <GatewayOf id={n.id} /> },
  { id: 'external', title: c.externalAddress, cell: (n) => <Outside id={n.id} /> },
  { id: 'vms', title: c.vms, cell: (n) => <Link to={`/vms?network=${n.id}`} aria-label={`${t.showVms} ${c.vms}: ${n.name}`}>{t.showVms}</Link> },
];

const INTERFACES: readonly Column<TenantInterface>[] = [
  { id: 'name', title: c.name, cell: (i) => <Link to={`/fabric/tenant-interfaces/${i.id}`}>{i.name}</Link> },
  { id: 'network', title: c.vmNetwork, cell: (i) => <ConnectionNetworkCell id={i.vmNetworkGatewayId} /> },
  { id: 'prefix', title: c.destination, cell: (i) => lines([...i.addresses.map((a) => <Mono key={a.address}>{`${a.address}/${a.prefixLength}`}</Mono>), ...i.routes.map((r) => <Mono key={r.destinationPrefix}>{r.destinationPrefix}</Mono>)]) },
  { id: 'way', title: c.way, cell: (i) => lines([<Mono key="vlan">{`${i.side} VLAN ${i.vlanId}`}</Mono>, ...i.routes.map((r) => <Mono key={r.destinationPrefix}>{r.nextHop}</Mono>)]) },
];

const PEERINGS: readonly Column<VmNetworkPeering>[] = [
  { id: 'name', title: c.name, cell: (p) => <Link to={`/fabric/vm-network-peerings/${p.id}`}>{p.name}</Link> },
  { id: 'network', title: c.vmNetwork, cell: (p) => lines([<NetworkCell key="a" id={p.vmNetworkId} />, <NetworkCell key="b" id={p.peerVmNetworkId} />]) },
  { id: 'prefix', title: c.destination, cell: (p) => lines([<Mono key="a">{p.prefixes.join(' ')}</Mono>, <Mono key="b">{p.peerPrefixes.join(' ')}</Mono>]) },
];

function Subnets({ id }: { id: string }) {
  const subnets = useChildren('vm-subnets', 'vmNetworkId', id) ?? [];
  return lines(
    subnets.map((subnet) => (
      <span key={subnet.id}>
        {subnet.name} <Mono>{[subnet['prefix'], subnet['prefix6']].filter(Boolean).join(' ')}</Mono> <span className="nv-quiet">{c.vsid} {word(subnet, 'vsid')}</span>
      </span>
    )),
  );
}

function GatewayOf({ id }: { id: string }) {
  const connections = useChildren('vm-network-gateways', 'vmNetworkId', id);
  const connection = connections?.[0];
  if (connections && !connection) return t.gatewayNone;
  return lines([
    <GatewayCell key="gateway" id={connection?.['gatewayId'] as string | undefined} />,
    <span key="vsid"><Mono>{word(connection, 'address')}</Mono> <span className="nv-quiet">{c.vsid} {word(connection, 'vsid')}</span></span>,
  ]);
}

function Outside({ id }: { id: string }) {
  const connections = useChildren('vm-network-gateways', 'vmNetworkId', id);
  const nats = useChildren('nat-connections', 'vmNetworkGatewayId', connections?.[0]?.id);
  const ones = useChildren('nat-one-to-ones', 'vmNetworkGatewayId', connections?.[0]?.id);
  const addresses = [...new Set([...(nats ?? []), ...(ones ?? [])].map((nat) => word(nat, 'externalAddress')))];
  if (addresses.length > 0) return lines(addresses.map((address) => <Mono key={address}>{address}</Mono>));
  const known = connections?.length === 0 || (nats && ones);
  return known ? t.natNone : text.none;
}

/** VM networks with what belongs to each, page by page; then ways out besides NAT. */
export default function NetworksPage() {
  const may = useMay();
  const create = may('fabric-change') && <Link className="pf-v6-c-button pf-m-primary" to="/fabric/vm-networks/new">{formText.create('vm-networks')}</Link>;
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle}>{create}</PageHeading>
      <Panel title={t.title} testId="vm-networks">
        <ServerTable<VmNetwork>
          label={t.title} kind="vm-networks" columns={COLUMNS} find={byName}
          empty={<NextStep title={text.empty.networksTitle} body={text.empty.networksBody} commands={[text.empty.demo, text.empty.networksCurl]} headingLevel="h3" />}
        />
      </Panel>
      <Panel title={t.routes} testId="tenant-routes">
        <ServerTable<TenantInterface> label={t.routes} kind="tenant-interfaces" columns={INTERFACES} empty={<p className="nv-quiet">{t.routesNone}</p>} />
        <ServerTable<VmNetworkPeering> label={t.peerings} kind="vm-network-peerings" columns={PEERINGS} empty={<p className="nv-quiet">{t.peeringsNone}</p>} />
      </Panel>
    </>
  );
}

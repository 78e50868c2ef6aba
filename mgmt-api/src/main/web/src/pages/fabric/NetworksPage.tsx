import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { type Column, DataTable } from '../../components/DataTable';
import { Mono } from '../../components/Mono';
import { NextStep } from '../../components/NextStep';
import { Panel } from '../../components/Panel';
import { TenantName } from '../../components/TenantName';
import { WithFabric } from '../../components/WithFabric';
import { externalAddressesOf, type FabricIndex, type Tenant } from '../../domain/fabricIndex';
import { tenantRoutes, type RouteRow } from '../../domain/tenantRoutes';
import { count } from '../../domain/units';
import { text } from '../../text/en';

const c = text.columns;

const COLUMNS: readonly Column<Tenant>[] = [
  { id: 'name', title: c.name, value: (t) => t.network.name, cell: (t) => <TenantName tenant={t} /> },
  { id: 'subnets', title: c.subnets, value: (t) => t.subnets.map((s) => `${s.prefix} ${s.vsid}`).join(' '), cell: (t) => <Subnets tenant={t} /> },
  { id: 'gateway', title: c.gateway, value: (t) => t.gateway?.name, cell: (t) => <GatewayOf tenant={t} /> },
  {
    id: 'external',
    title: c.externalAddress,
    value: (t) => externalAddressesOf(t).join(' '),
    cell: (t) => {
      const addresses = externalAddressesOf(t);
      return addresses.length === 0 ? text.networks.natNone : lines(addresses.map((address) => <Mono key={address}>{address}</Mono>));
    },
  },
  { id: 'vms', title: c.vms, value: (t) => t.vms.length, cell: (t) => <Link to="/vms">{count(t.vms.length)}</Link>, numeric: true },
  { id: 'rdid', title: c.rdid, value: (t) => t.network.rdid, cell: (t) => <Mono>{t.network.rdid}</Mono> },
];

const ROUTES: readonly Column<RouteRow>[] = [
  { id: 'network', title: c.vmNetwork, value: (r) => r.tenant.network.name, cell: (r) => <TenantName tenant={r.tenant} /> },
  { id: 'kind', title: c.kind, value: (r) => text.routes[r.kind], cell: (r) => text.routes[r.kind] },
  { id: 'prefix', title: c.destination, value: (r) => r.prefix, cell: (r) => <Mono>{r.prefix}</Mono> },
  { id: 'way', title: c.way, value: (r) => r.way, cell: (r) => <Mono>{r.way}</Mono> },
  { id: 'name', title: c.name, value: (r) => r.name, cell: (r) => r.name },
];

const lines = (items: readonly ReactNode[]): ReactNode => <div className="nv-lines">{items}</div>;

function Subnets({ tenant }: { tenant: Tenant }) {
  return lines(
    tenant.subnets.map((subnet) => (
      <span key={subnet.id}>
        {subnet.name} <Mono>{[subnet.prefix, subnet.prefix6].filter(Boolean).join(' ')}</Mono> <span className="nv-quiet">{c.vsid} {subnet.vsid}</span>
      </span>
    )),
  );
}

function GatewayOf({ tenant }: { tenant: Tenant }) {
  if (!tenant.connection) return text.networks.gatewayNone;
  return lines([
    <Link key="gateway" to={`/topology?selected=gateway:${tenant.connection.gatewayId}`}>
      {tenant.gateway?.name ?? text.unknown}
    </Link>,
    <span key="vsid">
      <Mono>{tenant.connection.address}</Mono>{' '}
      <span className="nv-quiet">{c.vsid} {tenant.connection.vsid}</span>
    </span>,
  ]);
}

/** Interfaces, peerings and routes of all tenants; nothing if there are none. */
function Routes({ index }: { index: FabricIndex }) {
  const t = text.networks;
  const rows = tenantRoutes(index);
  return (
    rows.length > 0 && (
      <Panel title={t.routes} testId="tenant-routes">
        <DataTable label={t.routes} columns={ROUTES} rows={rows} rowKey={(row) => row.key} filter={rows.length > 10} />
      </Panel>
    )
  );
}

export default function NetworksPage() {
  const t = text.networks;
  return (
    <WithFabric title={t.title} subtitle={t.subtitle}>
      {(index) =>
        index.tenants.length === 0 ? (
          <NextStep title={text.empty.networksTitle} body={text.empty.networksBody} commands={[text.empty.demo, text.empty.networksCurl]} />
        ) : (
          <>
            <Panel title={t.title} testId="vm-networks">
              <DataTable label={t.title} columns={COLUMNS} rows={index.tenants} rowKey={(tenant) => tenant.network.id} filter />
            </Panel>
            <Routes index={index} />
          </>
        )
      }
    </WithFabric>
  );
}

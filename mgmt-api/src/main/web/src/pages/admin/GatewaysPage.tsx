import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import { EmptyState, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core/dist/esm/components/EmptyState';
import CubesIcon from '@patternfly/react-icons/dist/esm/icons/cubes-icon';
import { Link } from 'react-router';
import { useLive } from '../../api/live';
import type { NodeStatus } from '../../api/model';
import { useMay } from '../../api/session';
import { type Column, DataTable } from '../../components/DataTable';
import { Loading } from '../../components/Loading';
import { NodeState } from '../../components/NodeState';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { count, duration } from '../../domain/units';
import type { components } from '../../api/schema.gen';
import { adminText } from '../../text/admin';
import { text } from '../../text/en';
import { liveText } from '../../text/live';
import { PortsPanel } from '../overview/PortsPanel';
import { Drain } from './Drain';
import { PoolFill } from './PoolFill';

const t = adminText.gateways;
type Worker = components['schemas']['WorkerStatus'];

const WORKERS: readonly Column<Worker>[] = [
  { id: 'id', title: t.worker, value: (w) => w.id, cell: (w) => w.id, numeric: true },
  { id: 'cpu', title: t.cpu, value: (w) => w.cpu, cell: (w) => w.cpu ?? text.none, numeric: true },
  { id: 'busy', title: t.busy, value: (w) => w.busyPercent, cell: (w) => (w.busyPercent === undefined ? text.none : `${w.busyPercent.toFixed(1)} %`), numeric: true },
  { id: 'received', title: t.received, value: (w) => w.rxPackets, cell: (w) => count(w.rxPackets), numeric: true },
  { id: 'sent', title: t.sent, value: (w) => w.txPackets, cell: (w) => count(w.txPackets), numeric: true },
];

/** Each gateway: how it is, its workers, what is left in its pools; then all their ports. */
export default function GatewaysPage() {
  const { overview, series } = useLive();
  const may = useMay();
  const create = may('fabric-change') && <Link className="pf-v6-c-button pf-m-primary" to="/fabric/gateways/new">{t.new}</Link>;
  const gateways = overview?.gateways ?? [];
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle}>{create}</PageHeading>
      {!overview && <Loading />}
      {overview && gateways.length === 0 && (
        <EmptyState titleText={t.empty} icon={CubesIcon} headingLevel="h2" variant="sm">
          <EmptyStateBody>{t.emptyBody}</EmptyStateBody>
          <EmptyStateFooter>{create}</EmptyStateFooter>
        </EmptyState>
      )}
      {gateways.map((gateway) => <Gateway key={gateway.id} gateway={gateway} mayDrain={may('fabric-change')} />)}
      {gateways.some((gateway) => gateway.status) && <PortsPanel gateways={gateways.filter((gateway) => gateway.status)} series={series} />}
    </>
  );
}

function Gateway({ gateway, mayDrain }: { gateway: NodeStatus; mayDrain: boolean }) {
  const { status } = gateway;
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    [text.columns.connection, <NodeState key="state" node={gateway} />],
    [text.columns.state, <Label key="forwarding" isCompact variant="outline" status={gateway.forwarding ? 'success' : 'danger'}>{gateway.forwarding ? t.forwards : t.notForwarding}</Label>],
    [t.lag, t.revisions(count(gateway.lag))],
    [t.sessions, count(status?.sessions)],
    [t.records, count(status?.records)],
    [t.uptime, status?.uptimeSeconds === undefined ? text.none : duration(status.uptimeSeconds)],
    [text.fields.version, status?.version ?? gateway.software ?? text.none],
    ...(gateway.lastError === undefined ? [] : [[text.columns.lastError, gateway.lastError] as const]),
  ];
  const links = [['/sessions', liveText.sessions.mine], ['/trace', liveText.trace.title], ['/traffic', liveText.traffic.title]] as const;
  return (
    <Panel title={<Link to={`/fabric/gateways/${gateway.id}`}>{gateway.name}</Link>} testId="gateway" actions={
      <span className="nv-row-actions">{links.map(([to, label]) => <Link key={to} to={`${to}?gateway=${gateway.id}`}>{label}</Link>)}</span>
    }>
      {!status && <p className="nv-quiet">{t.noReport}</p>}
      <dl className="nv-properties">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      {mayDrain && <Drain gatewayId={gateway.id} name={gateway.name} />}
      <h3>{t.pools}</h3>
      <PoolFill gatewayId={gateway.id} />
      {(status?.workers ?? []).length > 0 && (
        <>
          <h3>{t.workers}</h3>
          <DataTable label={`${t.workers}: ${gateway.name}`} columns={WORKERS} rows={status?.workers ?? []} rowKey={(w) => String(w.id)} />
        </>
      )}
    </Panel>
  );
}

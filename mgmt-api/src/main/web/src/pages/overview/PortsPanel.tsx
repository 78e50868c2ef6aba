import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import type { NodeStatus, PortStatus } from '../../api/model';
import { type Column, DataTable } from '../../components/DataTable';
import { Mono } from '../../components/Mono';
import { Panel } from '../../components/Panel';
import { trafficColumn } from '../../components/trafficColumn';
import { portCounter, rateOf, type Traffic } from '../../domain/readings';
import type { RateSeries } from '../../domain/rates';
import { count, linkSpeed } from '../../domain/units';
import { text } from '../../text/en';

interface Props {
  readonly gateways: readonly NodeStatus[];
  readonly series: ReadonlyMap<string, RateSeries>;
}

interface Row {
  readonly gateway: string;
  readonly port: PortStatus;
  readonly rate: (what: Traffic) => number | undefined;
}

const c = text.columns;

const faults = (port: PortStatus): number => (port.rxErrors ?? 0) + (port.txErrors ?? 0) + (port.rxMissed ?? 0);

const TRAFFIC = { counters: (r: Row) => r.port, rate: (r: Row, what: Traffic) => r.rate(what) };

const COLUMNS: readonly Column<Row>[] = [
  { id: 'port', title: c.port, value: (r) => r.port.name, cell: (r) => <strong>{r.port.name}</strong> },
  { id: 'gateway', title: c.gateway, value: (r) => r.gateway, cell: (r) => r.gateway },
  { id: 'link', title: c.link, value: (r) => (r.port.linkUp ? 'up' : 'down'), cell: (r) => <Link port={r.port} /> },
  { id: 'device', title: c.device, value: (r) => r.port.device, cell: (r) => <Mono>{r.port.device ?? text.none}</Mono> },
  { id: 'mac', title: c.mac, value: (r) => r.port.mac, cell: (r) => <Mono>{r.port.mac ?? text.none}</Mono> },
  { id: 'mtu', title: c.mtu, value: (r) => r.port.mtu, cell: (r) => count(r.port.mtu), numeric: true },
  trafficColumn('received', c.received, ['rxPackets', 'rxBytes'], TRAFFIC),
  trafficColumn('sent', c.sent, ['txPackets', 'txBytes'], TRAFFIC),
  { id: 'errors', title: c.errors, value: (r) => faults(r.port), numeric: true, cell: (r) => <Faults port={r.port} /> },
];

function Link({ port }: { port: PortStatus }) {
  if (port.linkUp === undefined) return <>{text.none}</>;
  return (
    <span className="nv-link">
      <Label isCompact variant="outline" status={port.linkUp ? 'success' : 'danger'}>
        {port.linkUp ? text.up : text.down}
      </Label>{' '}
      {port.linkUp && <span className="nv-quiet">{linkSpeed(port.speedMbps)}</span>}
    </span>
  );
}

function Faults({ port }: { port: PortStatus }) {
  const errors = (port.rxErrors ?? 0) + (port.txErrors ?? 0);
  return (
    <span className={faults(port) > 0 ? 'nv-bad' : undefined}>
      {count(errors)} / {count(port.rxMissed ?? 0)}
    </span>
  );
}

/** The gateways' ports as their drivers see them. */
export function PortsPanel({ gateways, series }: Props) {
  const rows = gateways.flatMap((gateway) =>
    (gateway.status?.ports ?? []).map((port): Row => {
      const latest = series.get(gateway.id)?.latest;
      return { gateway: gateway.name, port, rate: (what) => rateOf(latest, portCounter(port.name, what)) };
    }),
  );
  return (
    <Panel title={text.overview.ports} testId="ports">
      <DataTable label={text.overview.ports} columns={COLUMNS} rows={rows} rowKey={(row) => `${row.gateway}/${row.port.name}`} />
    </Panel>
  );
}

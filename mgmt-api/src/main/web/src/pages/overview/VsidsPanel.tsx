import type { NodeStatus, VsidStatus } from '../../api/model';
import { type Column, DataTable } from '../../components/DataTable';
import { Panel } from '../../components/Panel';
import { trafficColumn } from '../../components/trafficColumn';
import { NetworkLink } from '../../components/NetworkLink';
import { rateOf, type Traffic, vsidCounter } from '../../domain/readings';
import type { RateSeries } from '../../domain/rates';
import { count } from '../../domain/units';
import { text } from '../../text/en';

interface Props {
  readonly gateways: readonly NodeStatus[];
  readonly series: ReadonlyMap<string, RateSeries>;
}

interface Row {
  readonly key: string;
  readonly gateway: string;
  readonly status: VsidStatus;
  readonly rate: (what: Traffic) => number | undefined;
}

const c = text.columns;

const TRAFFIC = { counters: (r: Row) => r.status, rate: (r: Row, what: Traffic) => r.rate(what) };

const COLUMNS: readonly Column<Row>[] = [
  { id: 'network', title: c.vmNetwork, value: (r) => r.status.vmNetwork, cell: (r) => <NetworkLink name={r.status.vmNetwork} /> },
  { id: 'vsid', title: c.vsid, value: (r) => r.status.vsid, cell: (r) => r.status.vsid, numeric: true },
  trafficColumn('from', c.fromTenant, ['rxPackets', 'rxBytes'], TRAFFIC),
  trafficColumn('to', c.toTenant, ['txPackets', 'txBytes'], TRAFFIC),
  { id: 'drops', title: c.drops, value: (r) => r.status.drops ?? 0, cell: (r) => count(r.status.drops), numeric: true },
];

const GATEWAY: Column<Row> = { id: 'gateway', title: c.gateway, value: (r) => r.gateway, cell: (r) => r.gateway };

/** Packets and bytes of every virtual subnet, with their rates. */
export function VsidsPanel({ gateways, series }: Props) {
  const rows = gateways.flatMap((gateway) => rowsOf(gateway, series.get(gateway.id)));
  const columns = gateways.length > 1 ? [...COLUMNS.slice(0, 2), GATEWAY, ...COLUMNS.slice(2)] : COLUMNS;
  return (
    <Panel title={text.overview.vsids} help={text.overview.vsidsHelp} testId="vsids">
      <DataTable label={text.overview.vsids} columns={columns} rows={rows} rowKey={(row) => row.key} filter={rows.length > 10} />
    </Panel>
  );
}

function rowsOf(gateway: NodeStatus, series: RateSeries | undefined): Row[] {
  const latest = series?.latest;
  return (gateway.status?.vsids ?? []).map((status) => ({
    key: `${gateway.name}/${status.vsid}`,
    gateway: gateway.name,
    status,
    rate: (what) => rateOf(latest, vsidCounter(status.vsid, what)),
  }));
}

import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { useQuery } from '@tanstack/react-query';
import { send } from '../../api/send';
import type { components } from '../../api/schema.gen';
import { useMay } from '../../api/session';
import { type Column, DataTable } from '../../components/DataTable';
import { Loading } from '../../components/Loading';
import { Panel } from '../../components/Panel';
import { count } from '../../domain/units';
import { dropText } from '../../text/drops';
import { text } from '../../text/en';
import { liveText } from '../../text/live';

const REFRESH_MILLIS = 3_000;
/** A query with more is none that anybody reads. */
const RDIDS = 5;
const t = liveText.drops;
type Row = components['schemas']['DropRow'];

const COLUMNS: readonly Column<Row>[] = [
  { id: 'reason', title: t.reason, value: (r) => r.reason, cell: (r) => dropText(r.reason).title },
  { id: 'explanation', title: t.explanation, cell: (r) => <span className="nv-wrap">{dropText(r.reason).help}</span> },
  { id: 'network', title: liveText.network, value: (r) => r.vmNetwork, cell: (r) => r.vmNetwork },
  { id: 'vsid', title: text.columns.vsid, value: (r) => r.vsid, cell: (r) => r.vsid, numeric: true },
  { id: 'packets', title: text.columns.packets, value: (r) => r.packets, cell: (r) => count(r.packets), numeric: true },
];

/** The query of the tenant dashboard's panel, for the routing domains that are shown. */
function queryOf(rows: readonly Row[]): string {
  const rdids = [...new Set(rows.map(({ rdid }) => rdid))].slice(0, RDIDS).join('|');
  return `topk(15, sum by (rdid, reason) (rate(nvgate_tenant_drops_total{rdid=~"${rdids}"}[1m]))) > 0`;
}

/** What a gateway drops, of all or of one VM network, and why. */
export function DropsTable({ path }: { path: string }) {
  const may = useMay();
  const { data, error } = useQuery({
    queryKey: ['drops', path],
    queryFn: () => send<{ items: readonly Row[] }>(`${path}/drops`),
    refetchInterval: REFRESH_MILLIS,
  });
  return (
    <Panel title={t.title} help={t.help} testId="dropped">
      {error && <Alert isInline variant="warning" title={text.failed(t.title)}>{error.message}</Alert>}
      {!data && !error && <Loading />}
      {data && data.items.length === 0 && <p className="nv-quiet">{t.none}</p>}
      {data && data.items.length > 0 && <DataTable label={t.title} columns={COLUMNS} rows={data.items} rowKey={(r) => `${r.rdid} ${r.vsid} ${r.reason}`} />}
      {data && data.items.length > 0 && may('metrics-read') && (
        <>
          <p className="nv-quiet">{t.grafana}</p>
          <pre className="nv-commands">{queryOf(data.items)}</pre>
        </>
      )}
    </Panel>
  );
}

import { useQueries } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { NodeStatus } from '../../api/model';
import type { components } from '../../api/schema.gen';
import { send } from '../../api/send';
import { Panel } from '../../components/Panel';
import { bitsPerSecond, bytes } from '../../domain/units';
import { text } from '../../text/en';

const REFRESH_MILLIS = 5_000;
const ROWS = 8;
const t = text.overview;
type Row = components['schemas']['TrafficRow'];

const rate = (row: Row): number => row.bitsPerSecondIn + row.bitsPerSecondOut;
const volume = (row: Row): number => row.bytesIn + row.bytesOut;

/** Rows of all gateways; a VM network is served by one of them. */
function merged(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((a, b) => rate(b) - rate(a) || volume(b) - volume(a)).slice(0, ROWS);
}

/** The VM networks that carry most now. */
export function TopTenants({ gateways }: { gateways: readonly NodeStatus[] }) {
  const answers = useQueries({
    queries: gateways.map(({ id }) => ({
      queryKey: ['top-tenants', id],
      queryFn: () => send<{ items: readonly Row[] }>(`gateways/${id}/top`, { query: { by: 'network', limit: ROWS } }),
      refetchInterval: REFRESH_MILLIS,
      retry: false,
    })),
  });
  const rows = merged(answers.flatMap(({ data }) => data?.items ?? []));
  const most = Math.max(1, ...rows.map((row) => rate(row)));
  return (
    <Panel title={t.top} help={t.topHelp} testId="top-tenants" actions={<Link to="/traffic">{text.nav.traffic}</Link>}>
      {rows.length === 0 ? <p className="nv-quiet">{t.topNone}</p> : (
        <ol className="nv-drops">
          {rows.map((row) => (
            <li key={row.rdid} data-network={row.vmNetwork}>
              <div className="nv-drops__head">
                <Link to={`/vm-networks?find=${encodeURIComponent(row.vmNetwork)}`}>{row.vmNetwork}</Link>
                <span className="nv-top__volume nv-quiet nv-num">{bytes(volume(row))}</span>
                <strong className="nv-num">{bitsPerSecond(rate(row))}</strong>
              </div>
              <svg className="nv-bar nv-bar--good" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                <rect width={Math.max(0.8, (rate(row) / most) * 100)} height="4" />
              </svg>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { send } from '../../api/send';
import type { components } from '../../api/schema.gen';
import { type Column, DataTable } from '../../components/DataTable';
import { Loading } from '../../components/Loading';
import { Panel } from '../../components/Panel';
import { count } from '../../domain/units';
import { text } from '../../text/en';
import { choiceLabel } from '../../text/forms';
import { liveText } from '../../text/live';

const REFRESH_MILLIS = 3_000;
const t = liveText.acls;
type Row = components['schemas']['PortAclHit'];

const COLUMNS: readonly Column<Row>[] = [
  { id: 'acl', title: t.acl, value: (r) => r.portAcl, cell: (r) => <Link to={`/fabric/port-acls/${r.portAclId}`}>{r.portAcl}</Link> },
  { id: 'network', title: liveText.network, value: (r) => r.vmNetwork, cell: (r) => r.vmNetwork },
  { id: 'direction', title: t.direction, value: (r) => r.direction, cell: (r) => choiceLabel(r.direction) },
  { id: 'priority', title: t.priority, value: (r) => r.priority, cell: (r) => (r.priority === 0 ? t.byDefault : r.priority), numeric: true },
  { id: 'rule', title: t.rule, value: (r) => r.rule, cell: (r) => r.rule || text.none },
  { id: 'action', title: t.action, value: (r) => r.action, cell: (r) => choiceLabel(r.action) },
  { id: 'hits', title: t.hits, value: (r) => r.hits, cell: (r) => count(r.hits), numeric: true },
];

/** How often each rule of the port ACLs at a gateway decided. */
export function AclHits({ path }: { path: string }) {
  const { data, error } = useQuery({
    queryKey: ['acl-hits', path],
    queryFn: () => send<{ items: readonly Row[] }>(`${path}/port-acls`),
    refetchInterval: REFRESH_MILLIS,
  });
  return (
    <Panel title={t.title} help={t.help} testId="acl-hits">
      {error && <Alert isInline variant="warning" title={text.failed(t.title)}>{error.message}</Alert>}
      {!data && !error && <Loading />}
      {data && data.items.length === 0 && <p className="nv-quiet">{t.none}</p>}
      {data && data.items.length > 0 && <DataTable label={t.title} columns={COLUMNS} rows={data.items} rowKey={(r) => `${r.portAclId} ${r.direction} ${r.priority}`} />}
    </Panel>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { getLookupRecords } from '../../api/client';
import { useLive } from '../../api/live';
import type { LookupRecord } from '../../api/model';
import { Loading } from '../../components/Loading';
import { Mono } from '../../components/Mono';
import { TenantDot } from '../../components/TenantName';
import type { FabricIndex } from '../../domain/fabricIndex';
import { recordKey } from '../../domain/recordDiff';
import { text } from '../../text/en';
import type { RecordQuestion } from './recordQuestion';

const REFRESH_MILLIS = 5_000;
/** Records shown in the drawer; the page of the node has all. */
const MAX_SHOWN = 20;

interface Props {
  readonly question: RecordQuestion;
  readonly index: FabricIndex;
}

async function ask({ node, filters }: RecordQuestion): Promise<LookupRecord[]> {
  const views = await Promise.all(filters.map((filter) => getLookupRecords(node, filter)));
  return views.flatMap((view) => view.items);
}

/** The lookup records a node really has for the selected object. */
export function NodeRecords({ question, index }: Props) {
  const t = text.topology;
  const { overview } = useLive();
  const nodes = [...(overview?.gateways ?? []), ...(overview?.hosts ?? [])];
  const connected = nodes.some((node) => node.id === question.node.id && node.connected);
  const { data, error } = useQuery({
    queryKey: ['records', question.node.id, question.filters],
    queryFn: () => ask(question),
    refetchInterval: REFRESH_MILLIS,
    enabled: connected,
  });
  return (
    <section className="nv-records" aria-label={t.records}>
      <h3>{t.records}</h3>
      <p className="nv-quiet">{t.recordsFrom(question.node.name)}</p>
      {error && <p className="nv-bad">{error.message}</p>}
      {!connected && <p>{t.notConnected}</p>}
      {connected && !data && !error && <Loading />}
      {data?.length === 0 && <p>{t.noRecords}</p>}
      <ul>
        {data?.slice(0, MAX_SHOWN).map((record) => (
          <li key={recordKey(record)}>
            <RecordLine record={record} index={index} />
          </li>
        ))}
      </ul>
      <Link to={`/records?node=${question.node.id}`}>{t.showRecords}</Link>
    </section>
  );
}

function RecordLine({ record, index }: { record: LookupRecord; index: FabricIndex }) {
  const tenant = index.tenantByRdid.get(record.rdid.toLowerCase());
  return (
    <>
      <span>
        {tenant && <TenantDot colour={tenant.colour} />} <Mono>{record.customerAddress}</Mono> <small>VSID {record.vsid}</small>
      </span>
      <span className="nv-quiet">
        PA <Mono>{record.providerAddress}</Mono> · <Mono>{record.mac}</Mono> · {record.type}
      </span>
    </>
  );
}

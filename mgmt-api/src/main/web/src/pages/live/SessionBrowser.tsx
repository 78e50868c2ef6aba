import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { send } from '../../api/send';
import type { Session } from '../../api/model';
import { Chooser } from '../../components/Chooser';
import { DataTable } from '../../components/DataTable';
import { LabelledInput } from '../../components/LabelledInput';
import { Loading } from '../../components/Loading';
import { text } from '../../text/en';
import { liveText } from '../../text/live';
import { EndSessions } from './EndSessions';
import { sessionColumns, sessionKey } from './sessionColumns';

const REFRESH_MILLIS = 3_000;
const ROWS = 100;
const t = liveText.sessions;

export interface Filter {
  readonly insideAddress?: string;
  readonly remoteAddress?: string;
  readonly remotePort?: string;
  readonly protocol?: string;
}

interface Answer {
  readonly items: readonly Session[];
  readonly truncated: boolean;
  readonly next?: string;
}

/** Sessions of a gateway or of one VM network: the gateway filters, sorts and pages, so that a million of them are no burden here. */
export function SessionBrowser({ path, mayEnd }: { path: string; mayEnd: boolean }) {
  const [filter, setFilter] = useState<Filter>({});
  const [sort, setSort] = useState('bytes');
  const [after, setAfter] = useState<string>();
  const { data, error } = useQuery({
    queryKey: ['sessions', path, filter, sort, after],
    queryFn: () => send<Answer>(`${path}/sessions`, { query: { ...filter, sort, after, limit: ROWS } }),
    refetchInterval: REFRESH_MILLIS,
    placeholderData: keepPreviousData,
  });
  const choose = (next: Filter) => {
    setAfter(undefined);
    setFilter(next);
  };
  return (
    <>
      <div className="nv-tools">
        <FilterForm onFilter={choose} />
        <Chooser label={t.sort} value={sort} choices={Object.entries(t.sorts)} onChange={(next) => { setAfter(undefined); setSort(next); }} />
        {mayEnd && <EndSessions path={path} filter={filter} />}
      </div>
      {error && <Alert isInline variant="danger" title={text.failed(t.mine)}>{error.message}</Alert>}
      {!data && !error && <Loading />}
      {data && data.items.length === 0 && <p className="nv-quiet" data-testid="no-sessions">{t.empty}</p>}
      {data && data.items.length > 0 && (
        <DataTable label={t.mine} columns={sessionColumns} rows={data.items} rowKey={sessionKey} pageSizes={false} />
      )}
      {(after !== undefined || data?.next !== undefined) && (
        <div className="nv-tools">
          {after !== undefined && <Button variant="secondary" onClick={() => setAfter(undefined)}>{t.first}</Button>}
          {data?.next !== undefined && <Button variant="secondary" onClick={() => setAfter(data.next)}>{t.next}</Button>}
        </div>
      )}
    </>
  );
}

function FilterForm({ onFilter }: { onFilter: (filter: Filter) => void }) {
  const [insideAddress, setInside] = useState('');
  const [remoteAddress, setRemote] = useState('');
  const [remotePort, setPort] = useState('');
  const [protocol, setProtocol] = useState('');
  return (
    <form
      className="nv-tools" role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const given = { insideAddress, remoteAddress, remotePort, protocol };
        onFilter(Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== '')));
      }}
    >
      <LabelledInput label={t.inside} value={insideAddress} onChange={setInside} />
      <LabelledInput label={t.remote} value={remoteAddress} onChange={setRemote} />
      <LabelledInput label={t.remotePort} value={remotePort} onChange={setPort} />
      <Chooser label={t.protocol} value={protocol} choices={[['', t.any], ['TCP', 'TCP'], ['UDP', 'UDP'], ['ICMP', 'ICMP']]} onChange={setProtocol} />
      <Button type="submit" variant="secondary">{t.apply}</Button>
    </form>
  );
}

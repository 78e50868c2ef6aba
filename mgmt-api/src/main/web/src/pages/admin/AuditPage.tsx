import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { send } from '../../api/send';
import type { components } from '../../api/schema.gen';
import { type Column, DataTable } from '../../components/DataTable';
import { LabelledInput } from '../../components/LabelledInput';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { adminText } from '../../text/admin';
import { text } from '../../text/en';

const t = adminText.audit;
const ROWS = 100;
const REFRESH_MILLIS = 5_000;
type Event = components['schemas']['AuditEvent'];

const COLUMNS: readonly Column<Event>[] = [
  { id: 'at', title: t.at, cell: (e) => new Date(e.at).toLocaleString() },
  { id: 'actor', title: t.actor, cell: (e) => <span className="nv-wrap">{e.actor}</span> },
  { id: 'operation', title: t.operation, cell: (e) => e.operation },
  { id: 'target', title: t.target, cell: (e) => <span className="nv-wrap">{e.target}</span> },
  { id: 'status', title: t.status, cell: (e) => e.status, numeric: true },
  { id: 'address', title: t.address, cell: (e) => <span className="nv-wrap">{e.address}</span> },
  { id: 'times', title: t.times, cell: (e) => e.times, numeric: true },
  { id: 'detail', title: t.detail, cell: (e) => <span className="nv-wrap">{e.detail}</span> },
];

/** Who did what that is no change: newest first, older on demand. */
export default function AuditPage() {
  const [typed, setTyped] = useState('');
  const [actor, setActor] = useState('');
  const [before, setBefore] = useState<string>();
  const { data, error } = useQuery({
    queryKey: ['audit', actor, before],
    queryFn: () => send<{ items: readonly Event[] }>('audit', { query: { actor, before, limit: ROWS } }),
    refetchInterval: before === undefined ? REFRESH_MILLIS : false,
    placeholderData: keepPreviousData,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBefore(undefined);
    setActor(typed.trim());
  };
  const last = data?.items.at(-1);
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle} />
      <Panel title={t.title} testId="audit">
        <form className="nv-tools" role="search" onSubmit={submit}>
          <LabelledInput label={t.actor} value={typed} onChange={setTyped} />
          <Button type="submit" variant="secondary">{t.show}</Button>
        </form>
        {error && <Alert isInline variant="danger" title={text.failed(t.title)}>{error.message}</Alert>}
        {!data && !error && <Loading />}
        {data && data.items.length === 0 && <p className="nv-quiet">{t.empty}</p>}
        {data && data.items.length > 0 && <DataTable label={t.title} columns={COLUMNS} rows={data.items} rowKey={(e) => e.id} pageSizes={false} />}
        <div className="nv-tools">
          {before !== undefined && <Button variant="secondary" onClick={() => setBefore(undefined)}>{t.newest}</Button>}
          {last && data?.items.length === ROWS && <Button variant="secondary" onClick={() => setBefore(last.id)}>{t.older}</Button>}
        </div>
      </Panel>
    </>
  );
}

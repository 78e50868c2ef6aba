import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { send } from '../../api/send';
import type { components } from '../../api/schema.gen';
import { useMay } from '../../api/session';
import { notify } from '../../app/noticeStore';
import { type Column, DataTable } from '../../components/DataTable';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { Differences } from '../../form/Preview';
import { adminText } from '../../text/admin';
import { text } from '../../text/en';
import { formText, kindOne } from '../../text/forms';

const t = adminText.revisions;
const ROWS = 50;
const NAMED = 3;
type Revision = components['schemas']['RevisionSummary'];
type Detail = components['schemas']['RevisionDetail'];

/** The log of changes; each can be looked at and taken back. */
export default function RevisionsPage() {
  const may = useMay();
  const [before, setBefore] = useState<number>();
  const [open, setOpen] = useState<number>();
  const [refused, setRefused] = useState('');
  const { data, error } = useQuery({
    queryKey: ['revisions', before],
    queryFn: () => send<{ items: readonly Revision[] }>('revisions', { query: { before, limit: ROWS } }),
    placeholderData: keepPreviousData,
  });
  const undo = (revision: number) => {
    setRefused('');
    send(`revisions/${revision}/undo`, { method: 'POST' }).then(
      () => notify({ variant: 'success', title: t.undone(revision) }),
      (e: unknown) => setRefused(e instanceof Error ? e.message : String(e)),
    );
  };
  const columns: Column<Revision>[] = [
    { id: 'revision', title: formText.revision, cell: (r) => r.revision, numeric: true },
    { id: 'at', title: formText.when, cell: (r) => new Date(r.at).toLocaleString() },
    { id: 'actor', title: formText.who, cell: (r) => <span className="nv-wrap">{r.actor}</span> },
    { id: 'what', title: formText.what, cell: (r) => <Changed revision={r} /> },
    { id: 'comment', title: formText.comment, cell: (r) => <span className="nv-wrap">{r.comment}</span> },
    {
      id: 'actions', title: '',
      cell: (r) => (
        <span className="nv-row-actions">
          <Button variant="link" size="sm" aria-expanded={open === r.revision} aria-label={`${t.preview} ${r.revision}`} onClick={() => setOpen(open === r.revision ? undefined : r.revision)}>
            {open === r.revision ? t.hide : t.preview}
          </Button>
          {may('fabric-change') && <Button variant="link" size="sm" aria-label={`${t.undo} ${r.revision}`} onClick={() => undo(r.revision)}>{t.undo}</Button>}
        </span>
      ),
    },
  ];
  const last = data?.items.at(-1);
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle} />
      {refused && <Alert isInline isLiveRegion variant="danger" title={t.refused}>{refused}</Alert>}
      {open !== undefined && <Details revision={open} />}
      <Panel title={t.title} testId="revisions">
        {error && <Alert isInline variant="danger" title={text.failed(t.title)}>{error.message}</Alert>}
        {!data && !error && <Loading />}
        {data && data.items.length === 0 && <p className="nv-quiet">{t.empty}</p>}
        {data && data.items.length > 0 && <DataTable label={t.title} columns={columns} rows={data.items} rowKey={(r) => String(r.revision)} pageSizes={false} />}
        <div className="nv-tools">
          {before !== undefined && <Button variant="secondary" onClick={() => setBefore(undefined)}>{t.newest}</Button>}
          {last && last.revision > 1 && data?.items.length === ROWS && <Button variant="secondary" onClick={() => setBefore(last.revision)}>{t.older}</Button>}
        </div>
      </Panel>
    </>
  );
}

function Changed({ revision }: { revision: Revision }) {
  return (
    <div className="nv-lines">
      {revision.changes.slice(0, NAMED).map(({ kind, id, name, change }) => (
        <span key={`${kind} ${id}`}>
          {formText.changed[change]}: {kindOne(kind)} {change === 'DELETED' ? name : <Link to={`/fabric/${kind}/${id}`}>{name}</Link>}
        </span>
      ))}
      {revision.total > NAMED && <span className="nv-quiet">+{revision.total - NAMED}</span>}
    </div>
  );
}

function Details({ revision }: { revision: number }) {
  const { data, error } = useQuery({ queryKey: ['revision', revision], queryFn: () => send<Detail>(`revisions/${revision}`) });
  return (
    <Panel title={`${formText.revision} ${revision}`} testId="revision">
      {error && <Alert isInline variant="danger" title={text.failed(t.title)}>{error.message}</Alert>}
      {!data && !error && <Loading />}
      {data && <Differences changes={data.changes} />}
    </Panel>
  );
}

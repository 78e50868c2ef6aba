import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { send } from '../../api/send';
import { useMay } from '../../api/session';
import { notify } from '../../app/noticeStore';
import { type Column, DataTable } from '../../components/DataTable';
import { Loading } from '../../components/Loading';
import { Panel } from '../../components/Panel';
import type { AnyObject, HistoryItem, KindInfo } from '../../form/contract';
import { Difference } from '../../form/Preview';
import { formText } from '../../text/forms';

const ROWS = 50;

/** Who changed the object, when and how; each state can be brought back by who may. */
export function HistoryPanel({ info, object }: { info: KindInfo; object: AnyObject }) {
  const may = useMay();
  const [refused, setRefused] = useState('');
  const { data, error } = useQuery({
    queryKey: ['history', info.kind, object.id, object.changedRevision],
    queryFn: () => send<{ items: readonly HistoryItem[] }>(`${info.kind}/${object.id}/history`, { query: { limit: ROWS } }),
  });
  const revert = (item: HistoryItem) => {
    setRefused('');
    send(`${info.kind}/${object.id}/revert`, { method: 'POST', body: { revision: item.revision } }).then(
      () => notify({ variant: 'success', title: formText.saved(object.name) }),
      (e: unknown) => setRefused(e instanceof Error ? e.message : String(e)),
    );
  };
  const columns: Column<HistoryItem>[] = [
    { id: 'revision', title: formText.revision, cell: (i) => i.revision, numeric: true },
    { id: 'at', title: formText.when, cell: (i) => new Date(i.at).toLocaleString() },
    { id: 'actor', title: formText.who, cell: (i) => <span className="nv-wrap">{i.actor}</span> },
    { id: 'what', title: formText.what, cell: (i) => (i.change === 'CHANGED' ? <Difference before={i.before} after={i.after} /> : formText.changed[i.change]) },
    { id: 'comment', title: formText.comment, cell: (i) => i.comment },
    ...(may('fabric-change')
      ? [{
          id: 'revert', title: '',
          cell: (i: HistoryItem) =>
            i.revision !== object.changedRevision && i.change !== 'DELETED' && (
              <Button variant="link" size="sm" isInline onClick={() => revert(i)}>{formText.back(i.revision)}</Button>
            ),
        }]
      : []),
  ];
  return (
    <Panel title={formText.history} testId="history">
      {error && <Alert isInline variant="danger" title={formText.loadFailed}>{error.message}</Alert>}
      {refused && <Alert isInline isLiveRegion variant="danger" title={formText.undoFailed}>{refused}</Alert>}
      {!data && !error && <Loading />}
      {data && data.items.length === 0 && <p className="nv-quiet">{formText.historyEmpty}</p>}
      {data && data.items.length > 0 && <DataTable label={formText.history} columns={columns} rows={data.items} rowKey={(i) => String(i.revision)} />}
    </Panel>
  );
}

import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Checkbox } from '@patternfly/react-core/dist/esm/components/Checkbox';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '../../api/schema.gen';
import { send } from '../../api/send';
import { Loading } from '../../components/Loading';
import { Panel } from '../../components/Panel';
import { count } from '../../domain/units';
import { adminText } from '../../text/admin';
import { text } from '../../text/en';

const t = adminText.store;
const MOVE_REFRESH_MILLIS = 1_000;
type Store = components['schemas']['Store'];

const goesOn = (store: Store | undefined): boolean => store?.move !== undefined && !['DONE', 'FAILED'].includes(store.move.phase);

/** Where the fabric is kept; its backup, and its move to the other kind of store. */
export function StorePanel({ mayChange }: { mayChange: boolean }) {
  const { data, error } = useQuery({
    queryKey: ['store'],
    queryFn: () => send<Store>('store'),
    refetchInterval: ({ state }) => (goesOn(state.data) ? MOVE_REFRESH_MILLIS : false),
  });
  return (
    <>
      <Panel title={t.title} testId="store">
        {error && <Alert isInline variant="danger" title={text.failed(t.title)}>{error.message}</Alert>}
        {!data && !error && <Loading />}
        {data && (
          <dl className="nv-properties">
            <div><dt>{t.type}</dt><dd>{t.types[data.type]}</dd></div>
            <div><dt>{t.place}</dt><dd className="nv-wrap">{data.place}</dd></div>
            <div><dt>{t.revision}</dt><dd>{count(data.revision)}</dd></div>
          </dl>
        )}
        {data && mayChange && <Move store={data} />}
      </Panel>
      {mayChange && (
        <Panel title={t.backup} testId="backup">
          <p>{t.backupBody}</p>
          <p className="nv-gap"><a className="pf-v6-c-button pf-m-secondary" href="/api/v1/backup" download="fabric.backup">{t.download}</a></p>
          <h3>{t.restore}</h3>
          <p>{t.restoreBody}</p>
          <pre className="nv-commands">{t.restoreCommands}</pre>
        </Panel>
      )}
    </>
  );
}

/** The store goes on answering while it is moved; what is refused says what the configuration file lacks. */
function Move({ store }: { store: Store }) {
  const queries = useQueryClient();
  const [replace, setReplace] = useState(false);
  const [wrong, setWrong] = useState('');
  const to = store.type === 'SQLITE' ? 'ETCD' : 'SQLITE';
  const move = () => {
    setWrong('');
    send<Store>('store/move', { method: 'POST', body: { to, ...(replace && { replace }) } }).then(
      (now) => queries.setQueryData(['store'], now),
      (e: unknown) => setWrong(e instanceof Error ? e.message : String(e)),
    );
  };
  const last = store.move;
  return (
    <>
      <h3>{t.move}</h3>
      {last && (
        <Alert isInline isLiveRegion data-testid="move" variant={last.phase === 'FAILED' ? 'danger' : last.phase === 'DONE' ? 'success' : 'info'} title={t.phases[last.phase]}>
          {last.problem ?? `${t.types[last.to]}: ${last.place}`}
        </Alert>
      )}
      {wrong && <Alert isInline isLiveRegion variant="danger" title={adminText.settings.refused} data-testid="move-refused">{wrong}</Alert>}
      <p>{t.moveBody(to === 'ETCD')}</p>
      <div className="nv-tools nv-gap">
        <Checkbox id="move-replace" label={t.replace} isChecked={replace} onChange={(_event, on) => setReplace(on)} />
        <Button variant="secondary" isDisabled={goesOn(store)} onClick={move}>{t.moveTo(t.types[to])}</Button>
      </div>
    </>
  );
}

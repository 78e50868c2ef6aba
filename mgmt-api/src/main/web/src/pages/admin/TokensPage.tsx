import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Checkbox } from '@patternfly/react-core/dist/esm/components/Checkbox';
import { ClipboardCopy } from '@patternfly/react-core/dist/esm/components/ClipboardCopy';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { send } from '../../api/send';
import type { components } from '../../api/schema.gen';
import { notify } from '../../app/noticeStore';
import { type Column, DataTable } from '../../components/DataTable';
import { LabelledInput } from '../../components/LabelledInput';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { adminText } from '../../text/admin';
import { text } from '../../text/en';

const t = adminText.tokens;
type Token = components['schemas']['ApiToken'];
type NewToken = components['schemas']['NewApiToken'];

/** One's own API tokens: make, see, revoke. */
export default function TokensPage() {
  const queries = useQueryClient();
  const { data, error } = useQuery({ queryKey: ['tokens'], queryFn: () => send<{ items: readonly Token[] }>('tokens') });
  const [wrong, setWrong] = useState('');
  const refresh = () => void queries.invalidateQueries({ queryKey: ['tokens'] });
  const revoke = (token: Token) => {
    send(`tokens/${token.id}`, { method: 'DELETE' }).then(() => {
      refresh();
      notify({ variant: 'success', title: t.revoked(token.name) });
    }, (e: unknown) => setWrong(e instanceof Error ? e.message : String(e)));
  };
  const columns: Column<Token>[] = [
    { id: 'name', title: t.name, value: (o) => o.name, cell: (o) => o.name },
    { id: 'user', title: t.user, value: (o) => o.user, cell: (o) => `${o.user}, ${adminText.roles[o.role] ?? o.role}` },
    { id: 'scope', title: t.scope, cell: (o) => (o.readOnly ? t.reads : t.writes) },
    { id: 'expires', title: t.expires, value: (o) => o.expiresAt, cell: (o) => new Date(o.expiresAt).toLocaleDateString() },
    { id: 'used', title: t.used, value: (o) => o.lastUsedAt, cell: (o) => (o.lastUsedAt ? new Date(o.lastUsedAt).toLocaleString() : t.never) },
    { id: 'revoke', title: '', cell: (o) => <Button variant="link" isDanger size="sm" aria-label={`${t.revoke} ${o.name}`} onClick={() => revoke(o)}>{t.revoke}</Button> },
  ];
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle} />
      <Panel title={t.new}><Create onMade={refresh} /></Panel>
      <Panel title={t.title} testId="tokens">
        {(error || wrong) && <Alert isInline isLiveRegion variant="danger" title={text.failed(t.title)}>{wrong || error?.message}</Alert>}
        {!data && !error && <Loading />}
        {data && data.items.length === 0 && <p className="nv-quiet">{t.empty}</p>}
        {data && data.items.length > 0 && <DataTable label={t.title} columns={columns} rows={data.items} rowKey={(o) => o.id} />}
      </Panel>
    </>
  );
}

function Create({ onMade }: { onMade: () => void }) {
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [readOnly, setReadOnly] = useState(true);
  const [made, setMade] = useState<NewToken>();
  const [wrong, setWrong] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong('');
    setMade(undefined);
    send<NewToken>('tokens', { method: 'POST', body: { name, readOnly, expiryDays: Number(days) } }).then((answer) => {
      setMade(answer);
      setName('');
      onMade();
    }, (e: unknown) => setWrong(e instanceof Error ? e.message : String(e)));
  };
  return (
    <>
      {wrong && <Alert isInline isLiveRegion variant="danger" title={adminText.settings.refused}>{wrong}</Alert>}
      <form className="nv-tools" onSubmit={submit}>
        <LabelledInput label={t.name} value={name} required onChange={setName} />
        <LabelledInput label={t.days} type="number" value={days} onChange={setDays} />
        <Checkbox id="token-read-only" label={t.readOnly} isChecked={readOnly} onChange={(_event, on) => setReadOnly(on)} />
        <Button type="submit" isDisabled={name === ''}>{t.create}</Button>
      </form>
      {made && (
        <Alert isInline isLiveRegion variant="success" title={t.once} data-testid="new-token">
          <ClipboardCopy isReadOnly hoverTip={t.copy} clickTip={t.copied} textAriaLabel={t.once}>{made.secret}</ClipboardCopy>
          <p>{t.use}: <code className="nv-mono nv-wrap">{`curl -H 'Authorization: Bearer …' ${window.location.origin}/api/v1/vm-networks`}</code></p>
        </Alert>
      )}
    </>
  );
}

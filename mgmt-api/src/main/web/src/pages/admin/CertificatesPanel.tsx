import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CertificateAuthority, Identity } from '../../api/model';
import { send } from '../../api/send';
import { notify } from '../../app/noticeStore';
import { type Column, DataTable } from '../../components/DataTable';
import { Loading } from '../../components/Loading';
import { Mono } from '../../components/Mono';
import { Panel } from '../../components/Panel';
import { count } from '../../domain/units';
import { adminText } from '../../text/admin';
import { text } from '../../text/en';
import { KindOne } from '../../text/forms';
import { Ask } from './Ask';

const t = adminText.certificates;
const day = (time: string | undefined): string => (time === undefined ? text.none : new Date(time).toLocaleDateString());

/** What the manager signs with, whom it has signed for, and which certificate browsers see. */
export function CertificatesPanel({ mayChange }: { mayChange: boolean }) {
  const queries = useQueryClient();
  const authorities = useQuery({ queryKey: ['authorities', 'settings'], queryFn: () => send<{ items: readonly CertificateAuthority[] }>('certificate-authorities') });
  const identities = useQuery({ queryKey: ['identities', 'settings'], queryFn: () => send<{ items: readonly Identity[] }>('identities') });
  const [wrong, setWrong] = useState('');
  const run = (path: string, method: 'POST' | 'DELETE', done: string) => {
    setWrong('');
    send(path, { method }).then(
      () => {
        notify({ variant: 'success', title: done });
        for (const key of ['authorities', 'identities']) void queries.invalidateQueries({ queryKey: [key] });
      },
      (e: unknown) => setWrong(e instanceof Error ? e.message : String(e)),
    );
  };
  const error = authorities.error ?? identities.error;
  return (
    <Panel title={t.title} testId="certificates">
      {(error || wrong) && <Alert isInline isLiveRegion variant="danger" title={wrong ? adminText.settings.refused : text.failed(t.title)}>{wrong || error?.message}</Alert>}
      <h3>{t.own}</h3>
      <p>{t.ownBody}</p>
      <pre className="nv-commands">{t.ownLines}</pre>
      <h3>{t.authorities}</h3>
      <p>{t.authoritiesBody}</p>
      {!authorities.data && !error && <Loading />}
      {authorities.data && (authorities.data.items.length === 0 ? <p className="nv-quiet">{t.outside}</p> : (
        <>
          <DataTable label={t.authorities} columns={authorityColumns(mayChange, run)} rows={authorities.data.items} rowKey={(ca) => ca.name} />
          {mayChange && (
            <div className="nv-tools">
              <Ask label={t.rotate} title={t.rotateTitle} body={t.rotateBody} onYes={() => run('certificate-authorities/rotate', 'POST', t.rotated)} />
            </div>
          )}
        </>
      ))}
      <h3>{t.identities}</h3>
      {identities.data && (identities.data.items.length === 0 ? <p className="nv-quiet">{t.noIdentity}</p> : (
        <DataTable label={t.identities} columns={identityColumns(mayChange, run)} rows={identities.data.items} rowKey={(one) => `${one.kind} ${one.name}`} filter={identities.data.items.length > 10} />
      ))}
    </Panel>
  );
}

type Run = (path: string, method: 'POST' | 'DELETE', done: string) => void;

function authorityColumns(mayChange: boolean, run: Run): Column<CertificateAuthority>[] {
  return [
    { id: 'name', title: text.columns.name, cell: (ca) => ca.name },
    { id: 'state', title: text.columns.state, cell: (ca) => text.convergence.authorityStates[ca.state] },
    { id: 'nodes', title: text.convergence.nodesOf, cell: (ca) => count(ca.nodes), numeric: true },
    { id: 'until', title: t.until, cell: (ca) => day(ca.notAfter) },
    { id: 'fingerprint', title: text.convergence.fingerprint, cell: (ca) => <span className="nv-wrap"><Mono>{ca.fingerprint.slice(0, 16)}…</Mono></span> },
    {
      id: 'actions', title: '',
      cell: (ca) => (
        <span className="nv-row-actions">
          <a href={`data:application/x-pem-file,${encodeURIComponent(ca.certificate)}`} download={`${ca.name}.pem`} aria-label={`${t.download} ${ca.name}`}>{t.download}</a>
          {mayChange && ca.state === 'TRUSTED' && (
            <Ask small label={t.retire} of={ca.name} title={t.retireTitle(ca.name)} body={t.retireBody} onYes={() => run(`certificate-authorities/${ca.name}`, 'DELETE', t.retired(ca.name))} />
          )}
        </span>
      ),
    },
  ];
}

function identityColumns(mayChange: boolean, run: Run): Column<Identity>[] {
  return [
    { id: 'name', title: text.columns.name, value: (one) => one.name, cell: (one) => one.name },
    { id: 'kind', title: text.columns.kind, value: (one) => one.kind, cell: (one) => KindOne(one.kind) },
    { id: 'state', title: text.columns.state, value: (one) => one.state, cell: (one) => (one.state === 'REVOKED' ? text.convergence.revoked : t.good) },
    { id: 'until', title: t.until, value: (one) => one.expiresAt, cell: (one) => day(one.expiresAt) },
    ...(mayChange
      ? [{
          id: 'actions', title: '',
          cell: (one: Identity) => one.state === 'ACTIVE' && (
            <Ask small label={t.revoke} of={one.name} title={t.revokeTitle(one.name)} body={t.revokeBody} onYes={() => run(`identities/${one.kind}/${one.name}/revoke`, 'POST', t.revoked(one.name))} />
          ),
        }]
      : []),
  ];
}

import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import { useQuery } from '@tanstack/react-query';
import { getAuthorities, getFollowers, getIdentities } from '../../api/client';
import type { CertificateAuthority, Follower, Identity } from '../../api/model';
import { type Column, DataTable } from '../../components/DataTable';
import { Loading } from '../../components/Loading';
import { Mono } from '../../components/Mono';
import { NextStep } from '../../components/NextStep';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { count, duration } from '../../domain/units';
import { text } from '../../text/en';

const REFRESH_MILLIS = 3_000;

const c = text.columns;
const t = text.convergence;

const STATUS = { LEVEL: 'success', BEHIND: 'warning', DISCONNECTED: 'danger', ERROR: 'danger' } as const;

/** Gateways and hosts have names of their own: both kinds may have the same. */
const nodeKey = (node: { kind: string; name: string }): string => `${node.kind} ${node.name}`;

const kindOf = (node: { kind: 'gateways' | 'hosts' }): string =>
  node.kind === 'gateways' ? text.kinds.gateway : text.kinds.host;

const when = (time: string | undefined): string => (time ? new Date(time).toLocaleString() : t.never);

function columns(identities: ReadonlyMap<string, Identity> | undefined): Column<Follower>[] {
  const shown: Column<Follower>[] = [
    { id: 'node', title: c.node, value: (node) => node.name, cell: (node) => <Mono>{node.name}</Mono> },
    { id: 'kind', title: c.kind, value: kindOf, cell: kindOf },
    { id: 'state', title: c.state, value: (node) => t.states[node.state], cell: state },
    { id: 'desired', title: c.desired, numeric: true, value: (node) => node.desiredRevision, cell: (node) => count(node.desiredRevision) },
    { id: 'applied', title: c.applied, numeric: true, value: (node) => node.appliedRevision, cell: (node) => count(node.appliedRevision) },
    { id: 'lag', title: t.lag, numeric: true, value: (node) => node.lagSeconds, cell: (node) => (node.lagSeconds > 0 ? duration(node.lagSeconds) : text.none) },
    { id: 'seen', title: t.seen, value: (node) => node.lastSeen, cell: (node) => when(node.lastSeen) },
  ];
  if (identities) {
    const identity = (node: Follower) => identities.get(nodeKey(node));
    shown.push({ id: 'identity', title: t.identity, value: (node) => identity(node)?.expiresAt, cell: (node) => <Certificate of={identity(node)} /> });
  }
  shown.push(
    { id: 'software', title: t.software, value: (node) => node.software, cell: (node) => node.software ?? text.none },
    { id: 'errors', title: c.lastError, value: (node) => node.lastError, cell: errors },
  );
  return shown;
}

function state(node: Follower) {
  return <Label isCompact status={STATUS[node.state]} variant="outline">{t.states[node.state]}</Label>;
}

/** What it refuses now, object by object, and what differs on a Hyper-V host. */
function errors(node: Follower) {
  const standing = node.errors.filter((error) => error.standing);
  const differ = node.drift ? node.drift.missing + node.drift.wrong + node.drift.extra : 0;
  if (standing.length === 0 && differ === 0) return text.none;
  return (
    <div className="nv-lines">
      {standing.map((error) => <span key={error.object}><Mono>{error.object}</Mono><br />{error.reason}</span>)}
      {differ > 0 && <span>{t.drift(differ)}</span>}
    </div>
  );
}

function Certificate({ of }: { of: Identity | undefined }) {
  if (!of) return <>{t.noIdentity}</>;
  if (of.state === 'REVOKED') return <Label isCompact status="danger" variant="outline">{t.revoked}</Label>;
  return <>{t.until(when(of.expiresAt))}</>;
}

export default function ConvergencePage() {
  const followers = useQuery({ queryKey: ['followers'], queryFn: getFollowers, refetchInterval: REFRESH_MILLIS });
  // Who may not read identities, sees the rest.
  const identities = useQuery({ queryKey: ['identities'], queryFn: getIdentities, refetchInterval: REFRESH_MILLIS, retry: false });
  const byNode = identities.data && new Map(identities.data.map((identity) => [nodeKey(identity), identity]));
  const { data, error } = followers;
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle} />
      <Panel title={t.nodes} testId="convergence">
        {error && <Alert isInline variant="danger" title={text.failed(t.title)}>{error.message}</Alert>}
        {data && data.length === 0 && (
          <NextStep title={t.emptyTitle} body={t.emptyBody} commands={[t.emptyCommand]} headingLevel="h3" />
        )}
        {data && data.length > 0 && (
          <DataTable label={t.title} columns={columns(byNode)} rows={data} rowKey={nodeKey} filter />
        )}
        {!data && !error && <Loading />}
      </Panel>
      {byNode && <Authorities />}
    </>
  );
}

const AUTHORITY_COLUMNS: Column<CertificateAuthority>[] = [
  { id: 'name', title: c.name, value: (ca) => ca.name, cell: (ca) => <Mono>{ca.name}</Mono> },
  { id: 'state', title: c.state, value: (ca) => t.authorityStates[ca.state], cell: (ca) => t.authorityStates[ca.state] },
  { id: 'nodes', title: t.nodesOf, numeric: true, value: (ca) => ca.nodes, cell: (ca) => count(ca.nodes) },
  { id: 'until', title: t.identity, value: (ca) => ca.notAfter, cell: (ca) => t.until(when(ca.notAfter)) },
  { id: 'fingerprint', title: t.fingerprint, value: (ca) => ca.fingerprint, cell: (ca) => <Mono>{ca.fingerprint}</Mono> },
];

/** None with a CA of somebody else. */
function Authorities() {
  const { data } = useQuery({ queryKey: ['authorities'], queryFn: getAuthorities, refetchInterval: REFRESH_MILLIS, retry: false });
  if (!data || data.length === 0) return null;
  return (
    <Panel title={t.authorities} testId="authorities">
      <DataTable label={t.authorities} columns={AUTHORITY_COLUMNS} rows={data} rowKey={(ca) => ca.name} />
    </Panel>
  );
}

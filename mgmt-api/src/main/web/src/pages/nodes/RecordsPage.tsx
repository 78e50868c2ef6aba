import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { Switch } from '@patternfly/react-core/dist/esm/components/Switch';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { getDesiredRecords, getLookupRecords } from '../../api/client';
import { useLive } from '../../api/live';
import type { NodeRef, Overview } from '../../api/model';
import { Loading } from '../../components/Loading';
import { NextStep } from '../../components/NextStep';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { diffRecords, inStep, summarize } from '../../domain/recordDiff';
import { count } from '../../domain/units';
import { text } from '../../text/en';
import { RecordsTable } from './RecordsTable';

const REFRESH_MILLIS = 5_000;

interface NodeChoice extends NodeRef {
  readonly name: string;
  readonly connected: boolean;
}

function choices(overview: Overview | undefined): NodeChoice[] {
  return [
    ...(overview?.gateways ?? []).map(({ id, name, connected }) => ({ kind: 'gateway' as const, id, name, connected })),
    ...(overview?.hosts ?? []).map(({ id, name, connected }) => ({ kind: 'host' as const, id, name, connected })),
  ];
}

export default function RecordsPage() {
  const t = text.records;
  const { overview } = useLive();
  const [params, setParams] = useSearchParams();
  const nodes = choices(overview);
  const chosen = nodes.find((node) => node.id === params.get('node')) ?? nodes[0];
  const set = (name: string, value: string | undefined) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === undefined) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const controls = chosen && (
    <FormSelect className="nv-select" aria-label={t.node} value={chosen.id} onChange={(_event, id) => set('node', id)}>
      {nodes.map((node) => (
        <FormSelectOption key={node.id} value={node.id} label={`${text.kinds[node.kind]} ${node.name}`} />
      ))}
    </FormSelect>
  );
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle}>{controls}</PageHeading>
      {chosen ? (
        <Comparison
          key={chosen.id}
          node={chosen}
          onlyDeviations={params.has('deviations')}
          onOnlyDeviations={(only) => set('deviations', only ? '' : undefined)}
        />
      ) : (
        <NextStep title={text.empty.nodesTitle} body={text.empty.nodesBody} commands={[text.empty.demo]} />
      )}
    </>
  );
}

interface ComparisonProps {
  readonly node: NodeChoice;
  readonly onlyDeviations: boolean;
  readonly onOnlyDeviations: (only: boolean) => void;
}

function Comparison({ node, onlyDeviations, onOnlyDeviations }: ComparisonProps) {
  const t = text.records;
  const query = { refetchInterval: REFRESH_MILLIS };
  const desired = useQuery({ ...query, queryKey: ['policy', node.id], queryFn: () => getDesiredRecords(node) });
  const real = useQuery({ ...query, queryKey: ['records', node.id], queryFn: () => getLookupRecords(node), enabled: node.connected });
  const rows = useMemo(
    () => (desired.data && real.data ? diffRecords(desired.data.items, real.data.items) : undefined),
    [desired.data, real.data],
  );
  const error = desired.error ?? (node.connected ? real.error : null);
  const sum = rows && summarize(rows);
  return (
    <Panel title={`${text.kinds[node.kind]} ${node.name}`} testId="records">
      {!node.connected && <Alert isInline variant="warning" title={t.unreachable} />}
      {error && <Alert isInline variant="danger" title={text.failed(t.title)}>{error.message}</Alert>}
      {sum && node.connected && (
        <Alert
          isInline
          data-testid="records-summary"
          variant={inStep(sum) ? 'success' : 'warning'}
          title={inStep(sum) ? t.allSame(count(sum.same)) : t.deviations(count(sum.different + sum.missing + sum.unexpected))}
        >
          {(real.data?.truncated || desired.data?.truncated) && t.truncated}
        </Alert>
      )}
      {rows && node.connected ? (
        <RecordsTable
          rows={onlyDeviations ? rows.filter((row) => row.state !== 'same') : rows}
          controls={
            <Switch id="only-deviations" label={t.onlyDeviations} isChecked={onlyDeviations} onChange={(_event, on) => onOnlyDeviations(on)} />
          }
        />
      ) : desired.data && !node.connected ? (
        <RecordsTable rows={diffRecords(desired.data.items, [])} />
      ) : (
        !error && <Loading />
      )}
    </Panel>
  );
}

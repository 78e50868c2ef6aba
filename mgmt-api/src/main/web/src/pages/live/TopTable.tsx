import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { send } from '../../api/send';
import type { components } from '../../api/schema.gen';
import { Chooser } from '../../components/Chooser';
import { type Column, DataTable } from '../../components/DataTable';
import { Loading } from '../../components/Loading';
import { Mono } from '../../components/Mono';
import { Panel } from '../../components/Panel';
import { bitsPerSecond as bits, bytes } from '../../domain/units';
import { text } from '../../text/en';
import { liveText } from '../../text/live';

const REFRESH_MILLIS = 2_000;
const ROWS = 20;
const t = liveText.top;
type Row = components['schemas']['TrafficRow'];
type By = keyof typeof t.bys;

function columns(by: By): Column<Row>[] {
  const who: Column<Row>[] =
    by === 'vm'
      ? [{ id: 'ca', title: text.columns.customerAddress, value: (r) => r.customerAddress, cell: (r) => <Mono>{r.customerAddress ?? text.none}</Mono> }]
      : by === 'rule'
        ? [{ id: 'rule', title: t.bys.rule, value: (r) => r.externalPort, cell: (r) => <Mono>{`${r.protocol ?? ''} ${r.externalAddress ?? ''}:${r.externalPort ?? ''}`}</Mono> }]
        : [];
  return [
    ...who,
    { id: 'network', title: liveText.network, value: (r) => r.vmNetwork, cell: (r) => r.vmNetwork },
    { id: 'rateOut', title: t.rateOut, value: (r) => r.bitsPerSecondOut, cell: (r) => bits(r.bitsPerSecondOut), numeric: true },
    { id: 'rateIn', title: t.rateIn, value: (r) => r.bitsPerSecondIn, cell: (r) => bits(r.bitsPerSecondIn), numeric: true },
    { id: 'out', title: t.out, value: (r) => r.bytesOut, cell: (r) => bytes(r.bytesOut), numeric: true },
    { id: 'in', title: t.in, value: (r) => r.bytesIn, cell: (r) => bytes(r.bytesIn), numeric: true },
  ];
}

/** Who carries most, of a gateway or of one VM network. */
export function TopTable({ path, choices }: { path: string; choices: readonly By[] }) {
  const [by, setBy] = useState<By>(choices[0] ?? 'vm');
  const { data, error } = useQuery({
    queryKey: ['top', path, by],
    queryFn: () => send<{ items: readonly Row[] }>(`${path}/top`, { query: { by, limit: ROWS } }),
    refetchInterval: REFRESH_MILLIS,
    placeholderData: keepPreviousData,
  });
  return (
    <Panel title={t.title} help={t.help} testId="top">
      <div className="nv-tools">
        <Chooser label={t.by} value={by} choices={choices.map((choice) => [choice, t.bys[choice]])} onChange={(next) => setBy(next as By)} />
      </div>
      {error && <Alert isInline variant="warning" title={text.failed(t.title)}>{error.message}</Alert>}
      {!data && !error && <Loading />}
      {data && data.items.length === 0 && <p className="nv-quiet">{t.none}</p>}
      {data && data.items.length > 0 && (
        <DataTable label={t.title} columns={columns(by)} rows={data.items} rowKey={(r) => `${r.rdid} ${r.vsid ?? ''} ${r.customerAddress ?? ''} ${r.natRule ?? ''}`} />
      )}
    </Panel>
  );
}

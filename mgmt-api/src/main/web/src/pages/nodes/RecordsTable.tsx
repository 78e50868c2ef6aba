import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import { Tooltip } from '@patternfly/react-core/dist/esm/components/Tooltip';
import type { ReactNode } from 'react';
import type { LookupRecord } from '../../api/model';
import { type Column, DataTable } from '../../components/DataTable';
import { Mono } from '../../components/Mono';
import { RdidCell } from '../../components/cells';
import type { ComparedField, DiffRow, DiffState } from '../../domain/recordDiff';
import { text } from '../../text/en';

const STATUS: Record<DiffState, 'success' | 'warning' | 'danger' | 'info'> = {
  same: 'success',
  different: 'warning',
  missing: 'danger',
  unexpected: 'info',
};

const c = text.columns;
const t = text.records;

/** What is shown of a row: the node's record, or the wanted one when the node has none. */
const shown = (row: DiffRow): LookupRecord => (row.real ?? row.desired) as LookupRecord;

function columns(): Column<DiffRow>[] {
  const field = (id: ComparedField, title: string): Column<DiffRow> => ({
    id,
    title,
    value: (row) => shown(row)[id],
    cell: (row) => <Compared row={row} field={id} />,
  });
  return [
    { id: 'state', title: c.state, value: (row) => t[row.state], cell: (row) => <State state={row.state} /> },
    { id: 'network', title: c.vmNetwork, value: (row) => shown(row).rdid, cell: (row) => <RdidCell rdid={shown(row).rdid} /> },
    { id: 'vsid', title: c.vsid, value: (row) => shown(row).vsid, cell: (row) => shown(row).vsid, numeric: true },
    { id: 'ca', title: c.customerAddress, value: (row) => shown(row).customerAddress, cell: (row) => <Mono>{shown(row).customerAddress}</Mono> },
    field('providerAddress', c.providerAddress),
    field('mac', c.mac),
    field('type', c.type),
    { id: 'vm', title: c.vm, value: (row) => shown(row).vmName, cell: (row) => shown(row).vmName ?? '' },
  ];
}

function State({ state }: { state: DiffState }): ReactNode {
  return (
    <Tooltip content={t.help[state]}>
      <span tabIndex={0}>
        <Label isCompact variant="outline" status={STATUS[state]} data-state={state}>
          {t[state]}
        </Label>
      </span>
    </Tooltip>
  );
}

function Compared({ row, field }: { row: DiffRow; field: ComparedField }): ReactNode {
  const value = <Mono>{shown(row)[field]}</Mono>;
  if (!row.fields.includes(field)) return value;
  return (
    <div className="nv-lines nv-bad">
      {value}
      <small>{t.wants(row.desired?.[field] ?? '')}</small>
    </div>
  );
}

const COLUMNS = columns();

interface Props {
  readonly rows: readonly DiffRow[];
  readonly controls?: ReactNode;
}

export function RecordsTable({ rows, controls }: Props) {
  return <DataTable label={t.title} columns={COLUMNS} rows={rows} rowKey={(row) => row.key} filter controls={controls} />;
}

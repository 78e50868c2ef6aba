import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useMay } from '../../api/session';
import { type Column, DataTable } from '../../components/DataTable';
import { Panel } from '../../components/Panel';
import type { AnyObject } from '../../form/contract';
import { kindInfo, useContract } from '../../form/kinds';
import { KindOne } from '../../text/forms';
import { myText } from '../../text/my';
import { DeleteButton } from '../objects/DeleteButton';

export interface Row {
  readonly kind: string;
  readonly object: AnyObject;
  /** What it does, in one line. */
  readonly about: ReactNode;
}

export interface Addition {
  readonly label: string;
  readonly kind: string;
  /** Fields that are known already. */
  readonly query: Readonly<Record<string, string>>;
}

interface Props {
  readonly title: string;
  readonly empty: string;
  readonly testId: string;
  readonly rows: readonly Row[];
  readonly additions?: readonly Addition[];
  /** Where the forms come back to. */
  readonly here: string;
}

/** Objects of a tenant's network of one sort, with all that can be done to them. */
export function OwnTable({ title, empty, testId, rows, additions = [], here }: Props) {
  const contract = useContract();
  const may = useMay();
  if (!contract) return null;
  const columns: Column<Row>[] = [
    { id: 'name', title: myText.network.columns.name, value: (r) => r.object.name, cell: (r) => <Link to={`/fabric/${r.kind}/${r.object.id}`}>{r.object.name}</Link> },
    { id: 'kind', title: myText.network.columns.kind, value: (r) => r.kind, cell: (r) => KindOne(r.kind) },
    { id: 'about', title: myText.network.columns.about, cell: (r) => r.about },
    {
      id: 'actions',
      title: '',
      cell: (r) => (
        <span className="nv-row-actions">
          {may(kindInfo(contract, r.kind)?.may.update) && (
            <Link aria-label={`${myText.network.edit} ${r.object.name}`} to={`/fabric/${r.kind}/${r.object.id}/edit`}>{myText.network.edit}</Link>
          )}
          {may(kindInfo(contract, r.kind)?.may.remove) && <DeleteButton small contract={contract} kind={r.kind} object={r.object} />}
        </span>
      ),
    },
  ];
  const links = additions.filter(({ kind }) => may(kindInfo(contract, kind)?.may.create)).map(({ label, kind, query }) => (
    <Link key={label} className="pf-v6-c-button pf-m-secondary pf-m-small" to={`/fabric/${kind}/new?${new URLSearchParams({ ...query, from: here }).toString()}`}>{label}</Link>
  ));
  return (
    <Panel title={title} testId={testId} actions={<span className="nv-row-actions">{links}</span>}>
      {rows.length === 0 ? <p className="nv-quiet">{empty}</p> : (
        <DataTable label={title} columns={columns} rows={rows} rowKey={(r) => r.object.id} filter={rows.length > 10} />
      )}
    </Panel>
  );
}

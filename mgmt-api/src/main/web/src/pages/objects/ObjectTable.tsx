import { Link } from 'react-router';
import { filterValue } from '../../api/list';
import type { Column } from '../../components/DataTable';
import { ServerTable } from '../../components/ServerTable';
import type { AnyObject, KindInfo } from '../../form/contract';
import { shown } from '../../form/Preview';
import { fieldLabel, formText, KindMany } from '../../text/forms';
import { COLUMNS } from './columns';
import { ReferenceName } from './ReferenceName';

function columnsOf(info: KindInfo): Column<AnyObject>[] {
  const others = COLUMNS[info.kind] ?? ['description'];
  return [
    { id: 'name', title: fieldLabel('name'), cell: (o) => <Link to={`/fabric/${info.kind}/${o.id}`}>{o.name}</Link> },
    ...others.map((name): Column<AnyObject> => ({
      id: name,
      title: fieldLabel(name),
      cell: (o) => <ReferenceName field={name} value={o[name]} fallback={shown(o[name])} />,
    })),
  ];
}

const find = (wanted: string) => `name~${filterValue(wanted)}`;

/** One page at a time, however many there are. */
export function ObjectTable({ info }: { info: KindInfo }) {
  return <ServerTable<AnyObject> label={KindMany(info.kind)} kind={info.kind} columns={columnsOf(info)} find={find} empty={<p className="nv-quiet">{formText.empty(info.kind)}</p>} />;
}

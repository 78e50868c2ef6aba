import { Link } from 'react-router';
import { useById } from '../../api/lookups';
import { targetOf } from '../../form/fields';
import { useContract } from '../../form/kinds';
import { shown } from '../../form/Preview';

interface Props {
  readonly field: string;
  readonly value: unknown;
  readonly fallback?: string;
}

/** A value of an object; where it is a reference, the other object's name with a link to it. */
export function ReferenceName({ field, value, fallback = shown(value) }: Props) {
  const contract = useContract();
  const target = contract && targetOf(contract, field);
  if (!target || value === undefined) return <span className="nv-wrap">{fallback}</span>;
  const ids = (Array.isArray(value) ? value : [value]) as readonly string[];
  if (ids.length === 0) return fallback;
  return (
    <span className="nv-lines">
      {ids.slice(0, 5).map((id) => <One key={id} kind={target} id={id} />)}
      {ids.length > 5 && <span>+{ids.length - 5}</span>}
    </span>
  );
}

function One({ kind, id }: { kind: string; id: string }) {
  const data = useById(kind, id);
  return <Link to={`/fabric/${kind}/${id}`}>{data?.name ?? `${id.slice(0, 8)}…`}</Link>;
}

import { Link } from 'react-router';
import { text } from '../text/en';

/** The name of a VM network, with the way to it. */
export function NetworkLink({ name }: { name: string | undefined }) {
  return name ? <Link to={`/vm-networks?find=${encodeURIComponent(name)}`}>{name}</Link> : <span>{text.unknown}</span>;
}

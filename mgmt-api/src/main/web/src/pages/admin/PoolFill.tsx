import { Progress } from '@patternfly/react-core/dist/esm/components/Progress';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { send } from '../../api/send';
import { poolSize } from '../../domain/poolSize';
import { count } from '../../domain/units';
import { useObject } from '../../form/kinds';
import { adminText } from '../../text/admin';

const t = adminText.gateways;
const NEARLY = 0.8;
const POOLS = ['paPoolId', 'paPool6Id', 'externalPoolId', 'externalPool6Id'];

/** How many addresses of a gateway's pools are given out. */
export function PoolFill({ gatewayId }: { gatewayId: string }) {
  const { data } = useObject('gateways', gatewayId);
  const ids = POOLS.map((field) => data?.[field]).filter((id): id is string => typeof id === 'string');
  return <div className="nv-usage">{[...new Set(ids)].map((id) => <Fill key={id} id={id} />)}</div>;
}

function Fill({ id }: { id: string }) {
  const { data: pool } = useObject('ip-pools', id);
  // Only the number is wanted, so one row is enough.
  const { data: given } = useQuery({
    queryKey: ['list', 'pool-addresses', id],
    queryFn: () => send<{ total: number }>(`ip-pools/${id}/addresses`, { query: { state: 'ALLOCATED', limit: 1 } }),
  });
  if (!pool || !given) return null;
  const size = poolSize(String(pool['rangeStart']), String(pool['rangeEnd']));
  const share = size === 0 ? 1 : given.total / size;
  const label = t.pool(count(given.total), count(size));
  return (
    <div>
      <Link to={`/fabric/ip-pools/${id}`}>{pool.name}</Link>
      <Progress
        aria-label={pool.name} size="sm" value={Math.min(100, share * 100)} label={label} valueText={label}
        variant={share >= 1 ? 'danger' : share >= NEARLY ? 'warning' : undefined}
      />
    </div>
  );
}

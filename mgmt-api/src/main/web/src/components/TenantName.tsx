import { Link } from 'react-router';
import type { Tenant } from '../domain/fabricIndex';
import { text } from '../text/en';

/** A VM network's colour and name; a link to it in the topology picture. */
export function TenantName({ tenant, name }: { tenant: Tenant | undefined; name?: string }) {
  if (!tenant) return <span>{name ?? text.unknown}</span>;
  return (
    <Link className="nv-tenant" to={`/topology?tenant=${tenant.network.id}`}>
      <TenantDot colour={tenant.colour} />
      {tenant.network.name}
    </Link>
  );
}

export function TenantDot({ colour }: { colour: number }) {
  return <span className={`nv-dot nv-tenant-${colour}`} aria-hidden="true" />;
}

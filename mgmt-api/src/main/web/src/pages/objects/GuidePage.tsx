import { Link } from 'react-router';
import { useLive } from '../../api/live';
import { useMay } from '../../api/session';
import { Loading } from '../../components/Loading';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { count } from '../../domain/units';
import { kindInfo, useContract } from '../../form/kinds';
import { guideText } from '../../text/guide';
import { formText, KindMany } from '../../text/forms';

/** The order in which a fabric is built, as the walk-through of the docs has it; in each group by dependence. */
const GROUPS = [
  { title: guideText.physical, kinds: ['logical-networks', 'network-sites', 'ip-pools', 'mac-pools'] },
  { title: guideText.machines, kinds: ['port-profiles', 'port-classifications', 'uplink-port-profiles', 'logical-switches', 'host-groups', 'hosts', 'gateways'] },
  { title: guideText.offers, kinds: ['clouds', 'plans', 'subscriptions'] },
  { title: guideText.tenants, kinds: ['vm-networks', 'vm-subnets', 'vm-network-gateways', 'vms'] },
  { title: guideText.nat, kinds: ['nat-connections', 'nat-rules', 'nat-one-to-ones', 'nat-exemptions'] },
  { title: guideText.more, kinds: ['port-acls', 'address-sets', 'tenant-interfaces', 'vm-network-peerings', 'address-grants', 'mac-grants', 'provider-addresses'] },
] as const;

const camel = (kind: string): string => kind.replace(/-([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());

/** Every kind of object in the order of the walk: how many there are, and the way to the next. */
export default function GuidePage() {
  const contract = useContract();
  const counts = useLive().overview?.counts as Readonly<Record<string, number>> | undefined;
  const may = useMay();
  if (!contract) return <Loading />;
  let step = 0;
  return (
    <>
      <PageHeading title={guideText.title} subtitle={guideText.subtitle} />
      {GROUPS.map((group) => (
        <Panel key={group.title} title={group.title}>
          <ol className="nv-guide" start={step + 1}>
            {group.kinds.map((kind) => {
              const info = kindInfo(contract, kind);
              const there = counts?.[camel(kind)] ?? 0;
              step++;
              return (
                info && (
                  <li key={kind} data-kind={kind}>
                    <span className={there > 0 ? 'nv-guide__count is-done' : 'nv-guide__count'}>{count(there)}</span>
                    <span className="nv-guide__what">
                      <Link to={`/fabric/${kind}`}>{KindMany(kind)}</Link>
                      <small className="nv-quiet">{info.about}</small>
                    </span>
                    {may(info.may.create) && (
                      <Link className="pf-v6-c-button pf-m-secondary pf-m-small" to={`/fabric/${kind}/new`}>{formText.create(kind)}</Link>
                    )}
                  </li>
                )
              );
            })}
          </ol>
        </Panel>
      ))}
    </>
  );
}

import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useParams } from 'react-router';
import { networksAround } from '../../api/around';
import { type Found, useChildren } from '../../api/lookups';
import { useMay } from '../../api/session';
import { Loading } from '../../components/Loading';
import { Mono } from '../../components/Mono';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { type FabricIndex, indexFabric, type Tenant } from '../../domain/fabricIndex';
import { tenantRoutes } from '../../domain/tenantRoutes';
import type { AnyObject } from '../../form/contract';
import { useChoices, useContract } from '../../form/kinds';
import { shown } from '../../form/Preview';
import { choiceLabel } from '../../text/forms';
import { text } from '../../text/en';
import { myText } from '../../text/my';
import { AclHits } from '../live/AclHits';
import { DropsTable } from '../live/DropsTable';
import { TopTable } from '../live/TopTable';
import { DeleteButton } from '../objects/DeleteButton';
import { NetworkPicture } from './NetworkPicture';
import { OwnTable, type Row } from './OwnTable';

const t = myText.network;

/** One network of a tenant: the picture, and everything that can be made and changed in it. */
export default function MyNetworkPage() {
  const { id = '' } = useParams();
  const may = useMay();
  const { data, error } = useQuery({ queryKey: ['list', 'around', id], queryFn: () => networksAround({ filter: `id=${id}`, limit: 1 }, may('fabric-read')) });
  const index = useMemo(() => data && indexFabric(data.objects), [data]);
  const tenant = index?.tenantByNetwork.get(id);
  return (
    <>
      <PageHeading title={tenant?.network.name ?? myText.title} subtitle={t.subtitle}>
        <Link to="/my">{myText.title}</Link>
      </PageHeading>
      {error && <Alert isInline variant="danger" title={text.failed(myText.title)}>{error.message}</Alert>}
      {!data && !error && <Loading />}
      {index && (tenant ? <Network tenant={tenant} index={index} /> : <Alert isInline variant="warning" title={t.gone} />)}
    </>
  );
}

const row = (kind: string, object: { id: string; name: string }, about: React.ReactNode): Row => ({ kind, object: object as unknown as AnyObject, about });

function Network({ tenant, index }: { tenant: Tenant; index: FabricIndex }) {
  const { network, connection } = tenant;
  const here = `/my/networks/${network.id}`;
  const contract = useContract();
  const may = useMay();
  const gatewayId = connection?.id ?? '';
  return (
    <>
      <Panel
        testId="my-network"
        title={t.picture}
        actions={contract && may('tenant-manage') && (
          <DeleteButton
            small contract={contract} kind="vm-networks" object={network as unknown as AnyObject} to="/my"
            path={network.subscriptionId === undefined ? undefined : `subscriptions/${network.subscriptionId}/virtual-networks/${network.id}`}
          />
        )}
      >
        <NetworkPicture tenant={tenant} index={index} />
        <p className="nv-links">
          <Link to={`/my/sessions?network=${network.id}`}>{t.sessionsLink}</Link>
          <Link to={`/my/why?network=${network.id}`}>{t.whyLink}</Link>
        </p>
      </Panel>
      <OwnTable
        title={t.forwards} empty={t.forwardsEmpty} testId="forwards" here={here}
        rows={tenant.nats.flatMap((nat) => (index.rulesByNat.get(nat.id) ?? []).map((rule) => row('nat-rules', rule,
          <Mono>{`${rule.protocol} ${nat.externalAddress}:${rule.externalPort} → ${rule.internalAddress}:${rule.internalPort}`}</Mono>)))}
        additions={tenant.nats.slice(0, 1).map((nat) => ({ label: t.addForward, kind: 'nat-rules', query: { natConnectionId: nat.id } }))}
      />
      <OwnTable
        title={t.public} empty={t.publicEmpty} testId="public" here={here}
        rows={[
          ...tenant.nats.map((nat) => row('nat-connections', nat, <><Mono>{nat.externalAddress}</Mono> {myText.translated}</>)),
          ...tenant.oneToOnes.map((one) => row('nat-one-to-ones', one, <Mono>{`${one.externalAddress} ↔ ${one.internalAddress}`}</Mono>)),
        ]}
        additions={connection ? [
          { label: t.addNat, kind: 'nat-connections', query: { vmNetworkGatewayId: gatewayId } },
          { label: t.addOne, kind: 'nat-one-to-ones', query: { vmNetworkGatewayId: gatewayId } },
        ] : []}
      />
      <OwnTable
        title={t.subnets} empty={myText.noVms} testId="subnets" here={here}
        rows={tenant.subnets.map((subnet) => row('vm-subnets', subnet, <Mono>{[subnet.prefix, subnet.prefix6].filter(Boolean).join(' ')}</Mono>))}
        additions={[{ label: t.addSubnet, kind: 'vm-subnets', query: { vmNetworkId: network.id } }]}
      />
      <OwnTable
        title={t.vms} empty={t.vmsEmpty} testId="vms" here={here}
        rows={tenant.vms.map((vm) => row('vms', vm, <Mono>{vm.nics.map((nic) => nic.address).join(' ')}</Mono>))}
      />
      <Rules tenant={tenant} here={here} />
      <Routes tenant={tenant} index={index} here={here} />
      {connection && <AclHits path={`vm-networks/${network.id}`} />}
      {connection && <TopTable path={`vm-networks/${network.id}`} choices={['vm', 'rule']} />}
      {connection && <DropsTable path={`vm-networks/${network.id}`} />}
    </>
  );
}

/** Port ACLs and the address sets that they name. */
function Rules({ tenant, here }: { tenant: Tenant; here: string }) {
  const id = tenant.network.id;
  const mine = (kind: string) => (o: Found) => row(kind, o, aboutRules(o as unknown as AnyObject));
  const acls = useChildren('port-acls', 'vmNetworkId', id) ?? [];
  const sets = useChildren('address-sets', 'vmNetworkId', id) ?? [];
  return (
    <OwnTable
      title={t.acls} empty={t.aclsEmpty} testId="acls" here={here}
      rows={[...acls.map(mine('port-acls')), ...sets.map(mine('address-sets'))]}
      additions={[
        { label: t.addAcl, kind: 'port-acls', query: { vmNetworkId: id } },
        { label: t.addSet, kind: 'address-sets', query: { vmNetworkId: id } },
      ]}
    />
  );
}

function aboutRules(object: AnyObject): React.ReactNode {
  const rules = object['rules'] as readonly Record<string, unknown>[] | undefined;
  if (!rules) return <Mono>{shown(object['prefixes'])}</Mono>;
  const word = (name: string) => choiceLabel(String(object[name] ?? '')).toLowerCase();
  return (
    <div className="nv-lines">
      {[...rules].sort((a, b) => Number(a['priority']) - Number(b['priority'])).map((rule) => (
        <span key={`${String(rule['direction'])} ${String(rule['priority'])}`}>
          {String(rule['priority'])}: {choiceLabel(String(rule['direction']))}: {choiceLabel(String(rule['action'])).toLowerCase()} {shown(rule['protocol'])} {shown(rule['remoteAddressPrefixes'])}
        </span>
      ))}
      <span className="nv-quiet">{`${choiceLabel('INBOUND')}: ${word('defaultInboundAction')}; ${choiceLabel('OUTBOUND')}: ${word('defaultOutboundAction')}`}</span>
    </div>
  );
}

function Routes({ tenant, index, here }: { tenant: Tenant; index: FabricIndex; here: string }) {
  const others = useChoices('vm-networks').data?.total ?? 0;
  const routes = tenantRoutes(index).filter((route) => route.tenant.network.id === tenant.network.id);
  return (
    <OwnTable
      title={t.routes} empty={t.routesEmpty} testId="routes" here={here}
      rows={tenant.peerings.map((peering) => row('vm-network-peerings', peering,
        routes.filter((route) => route.name === peering.name).map((route) => `${text.routes[route.kind]} ${route.prefix} → ${route.way}`).join(', ')))}
      additions={others > 1 ? [{ label: t.addPeering, kind: 'vm-network-peerings', query: { vmNetworkId: tenant.network.id } }] : []}
    />
  );
}

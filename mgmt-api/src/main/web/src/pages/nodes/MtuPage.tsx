import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { useQuery } from '@tanstack/react-query';
import { getMtu } from '../../api/client';
import { useLive } from '../../api/live';
import type { NodeStatus, VmMtu } from '../../api/model';
import { type Column, DataTable } from '../../components/DataTable';
import { Loading } from '../../components/Loading';
import { Mono } from '../../components/Mono';
import { NextStep } from '../../components/NextStep';
import { Panel } from '../../components/Panel';
import { TenantName } from '../../components/TenantName';
import { WithFabric } from '../../components/WithFabric';
import type { FabricIndex } from '../../domain/fabricIndex';
import { count, duration } from '../../domain/units';
import { text } from '../../text/en';

const REFRESH_MILLIS = 3_000;
const MAX_ROWS = 1_000;

const c = text.columns;
const t = text.mtu;

type Counted = 'refused' | 'fragmented' | 'tunnelFragmented' | 'receivedTooBig';

function columns(index: FabricIndex): Column<VmMtu>[] {
  const counted = (id: Counted, title: string): Column<VmMtu> => ({
    id, title, numeric: true, value: (vm) => vm[id], cell: (vm) => count(vm[id]),
  });
  const tenant = (vm: VmMtu) => (vm.vsid === undefined ? undefined : index.tenantByVsid.get(vm.vsid));
  return [
    { id: 'network', title: c.vmNetwork, value: (vm) => vm.vmNetwork, cell: (vm) => <TenantName tenant={tenant(vm)} name={vm.vmNetwork} /> },
    { id: 'inside', title: c.inside, value: (vm) => vm.customerAddress, cell: (vm) => <Mono>{vm.customerAddress}</Mono> },
    counted('refused', t.refused),
    counted('fragmented', t.fragmented),
    counted('tunnelFragmented', t.tunnelFragmented),
    { id: 'size', title: t.lastSize, numeric: true, value: (vm) => vm.lastSize, cell: (vm) => vm.lastSize || text.none },
    { id: 'mss', title: t.mss, numeric: true, value: (vm) => vm.mssClamped, cell: mss },
    counted('receivedTooBig', t.receivedTooBig),
    { id: 'idle', title: c.idle, numeric: true, value: (vm) => vm.idleSeconds, cell: (vm) => duration(vm.idleSeconds) },
  ];
}

function mss(vm: VmMtu) {
  if (vm.mssClamped === 0) return text.none;
  return (
    <div className="nv-lines">
      {vm.mssAnnounced !== 0 && <span>{vm.mssAnnounced} → {vm.mssLowered}</span>}
      <small className="nv-quiet">{t.mssTimes(count(vm.mssClamped))}</small>
    </div>
  );
}

export default function MtuPage() {
  const gateways = useLive().overview?.gateways ?? [];
  return (
    <WithFabric title={t.title} subtitle={t.subtitle}>
      {(index) =>
        gateways.length === 0 ? (
          <NextStep title={text.empty.gatewayTitle} body={text.empty.gatewayBody} commands={[text.empty.demo]} />
        ) : (
          gateways.map((gateway) => <GatewayMtu key={gateway.id} gateway={gateway} index={index} />)
        )
      }
    </WithFabric>
  );
}

function GatewayMtu({ gateway, index }: { gateway: NodeStatus; index: FabricIndex }) {
  const { data, error } = useQuery({
    queryKey: ['mtu', gateway.id],
    queryFn: () => getMtu(gateway.id, MAX_ROWS),
    refetchInterval: REFRESH_MILLIS,
    enabled: gateway.connected,
  });
  return (
    <Panel title={`${text.kinds.gateway} ${gateway.name}`} testId="mtu">
      {error && <Alert isInline variant="danger" title={text.failed(t.title)}>{error.message}</Alert>}
      {data?.truncated && <Alert isInline variant="info" title={t.truncated} />}
      {data && data.items.length === 0 && (
        <NextStep title={t.emptyTitle} body={t.emptyBody} commands={[t.emptyCurl]} headingLevel="h3" />
      )}
      {data && data.items.length > 0 && (
        <DataTable label={t.title} columns={columns(index)} rows={data.items} rowKey={vmKey} filter />
      )}
      {!data && !gateway.connected && <p>{text.topology.notConnected}</p>}
      {!data && !error && gateway.connected && <Loading />}
    </Panel>
  );
}

const vmKey = (vm: VmMtu): string => `${vm.rdid} ${vm.customerAddress}`;

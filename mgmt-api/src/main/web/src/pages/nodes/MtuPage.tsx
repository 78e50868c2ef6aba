import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { useQuery } from '@tanstack/react-query';
import { getMtu } from '../../api/client';
import { useLive } from '../../api/live';
import type { NodeStatus } from '../../api/model';
import { DataTable } from '../../components/DataTable';
import { Loading } from '../../components/Loading';
import { NextStep } from '../../components/NextStep';
import { PageHeading } from '../../components/PageHeading';
import { Panel } from '../../components/Panel';
import { text } from '../../text/en';
import { mtuColumns, vmKey } from '../live/mtuColumns';

const REFRESH_MILLIS = 3_000;
const MAX_ROWS = 1_000;

const t = text.mtu;

export default function MtuPage() {
  const gateways = useLive().overview?.gateways ?? [];
  return (
    <>
      <PageHeading title={t.title} subtitle={t.subtitle} />
      {gateways.length === 0 ? (
        <NextStep title={text.empty.gatewayTitle} body={text.empty.gatewayBody} commands={[text.empty.demo]} />
      ) : (
        gateways.map((gateway) => <GatewayMtu key={gateway.id} gateway={gateway} />)
      )}
    </>
  );
}

function GatewayMtu({ gateway }: { gateway: NodeStatus }) {
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
        <DataTable label={t.title} columns={mtuColumns} rows={data.items} rowKey={vmKey} filter />
      )}
      {!data && !gateway.connected && <p>{text.topology.notConnected}</p>}
      {!data && !error && gateway.connected && <Loading />}
    </Panel>
  );
}

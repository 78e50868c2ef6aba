import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { useQuery } from '@tanstack/react-query';
import { getSessions } from '../../api/client';
import { useLive } from '../../api/live';
import type { NodeStatus, Session } from '../../api/model';
import { type Column, DataTable } from '../../components/DataTable';
import { Loading } from '../../components/Loading';
import { Mono } from '../../components/Mono';
import { NextStep } from '../../components/NextStep';
import { Panel } from '../../components/Panel';
import { TenantName } from '../../components/TenantName';
import { WithFabric } from '../../components/WithFabric';
import type { FabricIndex } from '../../domain/fabricIndex';
import { bytes, count, duration } from '../../domain/units';
import { text } from '../../text/en';

const REFRESH_MILLIS = 3_000;
const MAX_ROWS = 1_000;

const c = text.columns;

const endpoint = (address: string, port: number | undefined): string => (port === undefined ? address : `${address}:${port}`);

function columns(index: FabricIndex): Column<Session>[] {
  const address = (id: string, title: string, value: (s: Session) => string): Column<Session> => ({
    id, title, value, cell: (s) => <Mono>{value(s)}</Mono>,
  });
  const volume = (id: string, title: string, packets: 'packetsOut' | 'packetsIn', octets: 'bytesOut' | 'bytesIn'): Column<Session> => ({
    id,
    title,
    numeric: true,
    value: (s) => s[octets] ?? 0,
    cell: (s) => (
      <div className="nv-lines">
        <span>{bytes(s[octets])}</span>
        <small className="nv-quiet">{count(s[packets])} {c.packets.toLowerCase()}</small>
      </div>
    ),
  });
  const tenant = (s: Session) => (s.vsid === undefined ? undefined : index.tenantByVsid.get(s.vsid));
  return [
    { id: 'network', title: c.vmNetwork, value: (s) => s.vmNetwork, cell: (s) => <TenantName tenant={tenant(s)} name={s.vmNetwork} /> },
    { id: 'protocol', title: c.protocol, value: (s) => s.protocol, cell: (s) => s.protocol },
    address('inside', c.inside, (s) => endpoint(s.insideAddress, s.insidePort)),
    address('external', c.external, (s) => endpoint(s.externalAddress, s.externalPort)),
    address('remote', c.remote, (s) => endpoint(s.remoteAddress, s.remotePort)),
    { id: 'state', title: c.state, value: (s) => s.state, cell: (s) => s.state ?? text.none },
    volume('out', c.sent, 'packetsOut', 'bytesOut'),
    volume('in', c.received, 'packetsIn', 'bytesIn'),
    { id: 'idle', title: c.idle, value: (s) => s.idleSeconds, cell: (s) => duration(s.idleSeconds), numeric: true },
  ];
}

export default function SessionsPage() {
  const t = text.sessions;
  const gateways = useLive().overview?.gateways ?? [];
  return (
    <WithFabric title={t.title} subtitle={t.subtitle}>
      {(index) =>
        gateways.length === 0 ? (
          <NextStep title={text.empty.gatewayTitle} body={text.empty.gatewayBody} commands={[text.empty.demo]} />
        ) : (
          gateways.map((gateway) => <GatewaySessions key={gateway.id} gateway={gateway} index={index} />)
        )
      }
    </WithFabric>
  );
}

function GatewaySessions({ gateway, index }: { gateway: NodeStatus; index: FabricIndex }) {
  const t = text.sessions;
  const { data, error } = useQuery({
    queryKey: ['sessions', gateway.id],
    queryFn: () => getSessions(gateway.id, MAX_ROWS),
    refetchInterval: REFRESH_MILLIS,
    enabled: gateway.connected,
  });
  return (
    <Panel title={`${text.kinds.gateway} ${gateway.name}`} testId="sessions">
      {error && <Alert isInline variant="danger" title={text.failed(t.title)}>{error.message}</Alert>}
      {data?.truncated && <Alert isInline variant="info" title={t.truncated} />}
      {data && data.items.length === 0 && (
        <NextStep title={text.empty.sessionsTitle} body={text.empty.sessionsBody} commands={[text.empty.sessionsCurl]} headingLevel="h3" />
      )}
      {data && data.items.length > 0 && (
        <DataTable label={t.title} columns={columns(index)} rows={data.items} rowKey={sessionKey} filter />
      )}
      {!data && !gateway.connected && <p>{text.topology.notConnected}</p>}
      {!data && !error && gateway.connected && <Loading />}
    </Panel>
  );
}

const sessionKey = (s: Session): string =>
  [s.rdid, s.protocol, endpoint(s.insideAddress, s.insidePort), endpoint(s.externalAddress, s.externalPort), endpoint(s.remoteAddress, s.remotePort)].join(' ');

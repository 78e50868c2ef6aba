import type { Session } from '../../api/model';
import type { Column } from '../../components/DataTable';
import { Mono } from '../../components/Mono';
import { bytes, count, duration } from '../../domain/units';
import { text } from '../../text/en';
import { liveText } from '../../text/live';

const c = text.columns;

/** IPv6 addresses stand in brackets before a port. */
const endpoint = (address: string, port: number | undefined): string =>
  port === undefined ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

const address = (id: string, title: string, of: (s: Session) => string): Column<Session> => ({ id, title, cell: (s) => <Mono>{of(s)}</Mono> });

const volume = (id: string, title: string, packets: 'packetsOut' | 'packetsIn', octets: 'bytesOut' | 'bytesIn'): Column<Session> => ({
  id,
  title,
  numeric: true,
  cell: (s) => (
    <div className="nv-lines">
      <span>{bytes(s[octets])}</span>
      <small className="nv-quiet">{count(s[packets])} {c.packets.toLowerCase()}</small>
    </div>
  ),
});

/** The gateway sorts, so no column does. */
export const sessionColumns: readonly Column<Session>[] = [
  { id: 'network', title: c.vmNetwork, cell: (s) => s.vmNetwork ?? text.none },
  { id: 'protocol', title: c.protocol, cell: (s) => s.protocol },
  address('inside', c.inside, (s) => endpoint(s.insideAddress, s.insidePort)),
  address('external', c.external, (s) => endpoint(s.externalAddress, s.externalPort)),
  address('remote', c.remote, (s) => endpoint(s.remoteAddress, s.remotePort)),
  { id: 'state', title: c.state, cell: (s) => s.state ?? text.none },
  volume('out', c.sent, 'packetsOut', 'bytesOut'),
  volume('in', c.received, 'packetsIn', 'bytesIn'),
  { id: 'age', title: liveText.sessions.age, cell: (s) => duration(s.ageSeconds), numeric: true },
  { id: 'idle', title: c.idle, cell: (s) => duration(s.idleSeconds), numeric: true },
];

export const sessionKey = (s: Session): string =>
  [s.rdid, s.protocol, endpoint(s.insideAddress, s.insidePort), endpoint(s.externalAddress, s.externalPort), endpoint(s.remoteAddress, s.remotePort)].join(' ');

import { bits, type Traffic } from '../domain/readings';
import { bitsPerSecond, bytes, count, packetsPerSecond } from '../domain/units';
import { text } from '../text/en';
import type { Column } from './DataTable';

interface Source<Row> {
  readonly counters: (row: Row) => Partial<Record<Traffic, number>>;
  readonly rate: (row: Row, what: Traffic) => number | undefined;
}

/** One direction of traffic: totals on the first line, rates on the second, so that a table needs one column for it. */
export function trafficColumn<Row>(
  id: string,
  title: string,
  [packets, octets]: readonly [Traffic, Traffic],
  { counters, rate }: Source<Row>,
): Column<Row> {
  return {
    id,
    title,
    numeric: true,
    value: (row) => counters(row)[packets] ?? 0,
    cell: (row) => (
      <div className="nv-traffic">
        <span>
          <span data-testid={packets}>{count(counters(row)[packets])}</span>{' '}
          <small>{text.columns.packets.toLowerCase()}</small>
        </span>
        <span title={`${count(counters(row)[octets])} B`}>{bytes(counters(row)[octets])}</span>
        <span className="nv-traffic__rate">{packetsPerSecond(rate(row, packets))}</span>
        <span className="nv-traffic__rate">{bitsPerSecond(bits(rate(row, octets)))}</span>
      </div>
    ),
  };
}

import { useMemo } from 'react';
import { HISTORY_MILLIS } from '../../api/liveStore';
import type { NodeStatus } from '../../api/model';
import { Panel } from '../../components/Panel';
import { type Line, TimeChart } from '../../components/TimeChart';
import { bits, portCounter } from '../../domain/readings';
import type { RateSeries } from '../../domain/rates';
import { bitsPerSecond, duration, packetsPerSecond } from '../../domain/units';
import { text } from '../../text/en';

const COLOURS = ['--nv-line-1', '--nv-line-2', '--nv-line-3', '--nv-line-4'];
/** Roles of the two ports every gateway has; what is sent on one came from the other side. */
const DIRECTIONS: Readonly<Record<string, string>> = { ext: text.overview.toPhysical, pa: text.overview.toTenants };

interface Props {
  readonly gateway: NodeStatus;
  readonly series: RateSeries | undefined;
}

/** What one gateway sends on each of its ports: packets and bits per second, side by side. */
export default function ThroughputPanel({ gateway, series }: Props) {
  const t = text.overview;
  const ports = (gateway.status?.ports ?? []).map((port) => port.name).join('\n');
  const { times, packets, bitrates } = useMemo(() => toLines(ports.split('\n').filter(Boolean), series), [ports, series]);
  const facts = [gateway.status?.version, gateway.status?.uptimeSeconds !== undefined && `up ${duration(gateway.status.uptimeSeconds)}`];
  return (
    <Panel
      title={
        <>
          {t.throughput} <span className="nv-quiet">{gateway.name}</span>
        </>
      }
      actions={<span className="nv-quiet">{facts.filter(Boolean).join(' · ')}</span>}
      testId={`throughput-${gateway.name}`}
    >
      <div className="nv-charts">
        <TimeChart label={t.chart(t.bits, gateway.name)} times={times} lines={bitrates} windowSeconds={HISTORY_MILLIS / 1000} format={bitsPerSecond} />
        <TimeChart label={t.chart(t.packets, gateway.name)} times={times} lines={packets} windowSeconds={HISTORY_MILLIS / 1000} format={packetsPerSecond} />
      </div>
      {times.length === 0 && <p className="nv-quiet">{t.waiting}</p>}
    </Panel>
  );
}

function toLines(ports: readonly string[], series: RateSeries | undefined) {
  const samples = series?.samples ?? [];
  const line = (port: string, order: number, value: (sample: (typeof samples)[number]) => number | undefined): Line => ({
    label: DIRECTIONS[port] ?? text.overview.sentOn(port),
    colour: COLOURS[order % COLOURS.length] as string,
    values: samples.map(value),
  });
  return {
    times: samples.map((sample) => sample.atMillis / 1000),
    packets: ports.map((port, i) => line(port, i, (s) => s.perSecond[portCounter(port, 'txPackets')])),
    bitrates: ports.map((port, i) => line(port, i, (s) => bits(s.perSecond[portCounter(port, 'txBytes')]))),
  };
}

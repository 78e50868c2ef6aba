import type { NodeStatus } from '../../api/model';
import { Help } from '../../components/Help';
import { Panel } from '../../components/Panel';
import { dropCounter, rateOf } from '../../domain/readings';
import type { RateSeries } from '../../domain/rates';
import { count, packetsPerSecond } from '../../domain/units';
import { dropText } from '../../text/drops';
import { text } from '../../text/en';

interface Props {
  readonly gateways: readonly NodeStatus[];
  readonly series: ReadonlyMap<string, RateSeries>;
}

interface Drop {
  readonly reason: string;
  readonly total: number;
  readonly perSecond: number | undefined;
}

/** Drops of all gateways by reason, the largest first; reasons that never happened are left out. */
export default function DropsPanel({ gateways, series }: Props) {
  const t = text.overview;
  const drops = collect(gateways, series);
  const largest = Math.max(1, ...drops.map((drop) => drop.total));
  return (
    <Panel title={t.drops} help={t.dropsHelp} testId="drops">
      {drops.length === 0 ? (
        <p>{t.noDrops}</p>
      ) : (
        <ul className="nv-drops">
          {drops.map((drop) => (
            <DropRow key={drop.reason} drop={drop} largest={largest} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function DropRow({ drop, largest }: { drop: Drop; largest: number }) {
  const { title, help } = dropText(drop.reason);
  return (
    <li data-reason={drop.reason}>
      <div className="nv-drops__head">
        <span>{title}</span>
        {help && <Help text={help} />}
        <span className="nv-drops__rate">{(drop.perSecond ?? 0) > 0 && packetsPerSecond(drop.perSecond)}</span>
        <strong className="nv-num" data-testid="drop-total">{count(drop.total)}</strong>
      </div>
      <svg className="nv-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect width={Math.max(0.8, (drop.total / largest) * 100)} height="4" />
      </svg>
    </li>
  );
}

function collect(gateways: readonly NodeStatus[], series: ReadonlyMap<string, RateSeries>): Drop[] {
  const totals = new Map<string, { total: number; perSecond: number | undefined }>();
  for (const gateway of gateways) {
    const latest = series.get(gateway.id)?.latest;
    for (const [reason, total] of Object.entries(gateway.status?.drops ?? {})) {
      const before = totals.get(reason);
      const rate = rateOf(latest, dropCounter(reason));
      totals.set(reason, {
        total: (before?.total ?? 0) + total,
        perSecond: rate === undefined ? before?.perSecond : (before?.perSecond ?? 0) + rate,
      });
    }
  }
  return [...totals]
    .map(([reason, sums]) => ({ reason, ...sums }))
    .filter((drop) => drop.total > 0)
    .sort((a, b) => b.total - a.total);
}

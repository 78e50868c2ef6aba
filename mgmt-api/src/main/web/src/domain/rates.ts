/**
 * Rates from successive readings of counters that only grow.
 *
 * A counter that is smaller than before was either reset (its process restarted) or wrapped (32-bit hardware counters
 * behind some drivers). A reset says nothing about the time before it, so the interval has no rate; a wrap does.
 */

/** Counters of one source at one moment. */
export interface Reading {
  /** Milliseconds on one clock, the same for all readings of the source. */
  readonly atMillis: number;
  /** Seconds since the source started, if it says so; a smaller value than before means that it restarted. */
  readonly uptimeSeconds?: number;
  readonly counters: Readonly<Record<string, number>>;
}

export interface Rates {
  readonly atMillis: number;
  /** Per second; absent when this interval says nothing about the counter. */
  readonly perSecond: Readonly<Record<string, number>>;
}

const WRAP_32 = 2 ** 32;
/** A wrap is believed only near the edge: from the last eighth of the range into the first. */
const WRAP_MARGIN = WRAP_32 / 8;
/** Readings closer than this come from one event delivered twice; dividing by so little would invent peaks. */
export const MIN_INTERVAL_MILLIS = 100;

/** Growth of a counter between two readings of one life of its source; undefined when it cannot be known. */
export function growth(before: number, after: number): number | undefined {
  if (!isCount(before) || !isCount(after)) return undefined;
  if (after >= before) return after - before;
  const wrapped = before < WRAP_32 && before >= WRAP_32 - WRAP_MARGIN && after < WRAP_MARGIN;
  return wrapped ? WRAP_32 - before + after : undefined;
}

function isCount(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function restarted(before: Reading, after: Reading): boolean {
  return (
    before.uptimeSeconds !== undefined &&
    after.uptimeSeconds !== undefined &&
    after.uptimeSeconds < before.uptimeSeconds
  );
}

/** One report delivered twice: the source's own clock did not move. */
function sameReport(before: Reading, after: Reading): boolean {
  return before.uptimeSeconds !== undefined && before.uptimeSeconds === after.uptimeSeconds;
}

/**
 * Time between two readings. The source's own clock is better than the time of arrival, which jitters by the period of
 * the reports, but only when it counts parts of a second.
 */
function elapsedMillis(before: Reading, after: Reading): number {
  const from = before.uptimeSeconds;
  const to = after.uptimeSeconds;
  if (from !== undefined && to !== undefined && to > from && !(Number.isInteger(from) && Number.isInteger(to))) {
    return (to - from) * 1000;
  }
  return after.atMillis - before.atMillis;
}

/** Rates of every counter present in both readings; undefined when the two readings are too close or out of order. */
export function rates(before: Reading, after: Reading): Rates | undefined {
  const millis = elapsedMillis(before, after);
  if (millis < MIN_INTERVAL_MILLIS || sameReport(before, after)) return undefined;
  const perSecond: Record<string, number> = {};
  if (!restarted(before, after)) {
    for (const [name, value] of Object.entries(after.counters)) {
      const previous = before.counters[name];
      const grown = previous === undefined ? undefined : growth(previous, value);
      if (grown !== undefined) perSecond[name] = (grown * 1000) / millis;
    }
  }
  return { atMillis: after.atMillis, perSecond };
}

/** Bounded history of one source's rates, oldest first. Immutable: React sees a new object after each change. */
export class RateSeries {
  static readonly EMPTY = new RateSeries([], undefined);

  private constructor(
    readonly samples: readonly Rates[],
    private readonly last: Reading | undefined,
  ) {}

  /** Adds a reading and forgets samples older than keepMillis. The same reading again changes nothing. */
  plus(reading: Reading, keepMillis: number): RateSeries {
    if (this.last === undefined) return new RateSeries(this.samples, reading);
    const sample = rates(this.last, reading);
    if (sample === undefined) return this;
    const oldest = reading.atMillis - keepMillis;
    return new RateSeries([...this.samples.filter((s) => s.atMillis >= oldest), sample], reading);
  }

  get latest(): Rates | undefined {
    return this.samples.at(-1);
  }
}

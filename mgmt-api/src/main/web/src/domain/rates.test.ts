import { describe, expect, it } from 'vitest';
import { growth, rates, RateSeries, type Reading } from './rates';

const reading = (atMillis: number, rx: number, uptimeSeconds?: number): Reading => ({
  atMillis,
  uptimeSeconds,
  counters: { rx },
});

describe('growth', () => {
  it('is the difference of a growing counter', () => expect(growth(100, 350)).toBe(250));
  it('is zero when nothing came', () => expect(growth(100, 100)).toBe(0));
  it('goes through the edge of 32 bits', () => expect(growth(2 ** 32 - 10, 5)).toBe(15));
  it('is unknown after a reset', () => expect(growth(1_000_000, 12)).toBeUndefined());
  it('does not take a reset of a large 64-bit counter for a wrap', () => expect(growth(2 ** 40, 3)).toBeUndefined());
  it('does not take a fall in the middle of the range for a wrap', () =>
    expect(growth(2 ** 32 - 10, 2 ** 31)).toBeUndefined());
  it('refuses what is no count', () => {
    expect(growth(Number.NaN, 1)).toBeUndefined();
    expect(growth(-5, 1)).toBeUndefined();
  });
});

describe('rates', () => {
  it('divides by the time that passed, not by a nominal interval', () =>
    expect(rates(reading(1_000, 0), reading(3_500, 500))?.perSecond).toEqual({ rx: 200 }));
  it('has no rate for a counter that is new', () => {
    const before: Reading = { atMillis: 0, counters: {} };
    expect(rates(before, reading(1_000, 77))?.perSecond).toEqual({});
  });
  it('has no rate over a restart, even when the counter already outgrew its old value', () =>
    expect(rates(reading(0, 100, 50), reading(1_000, 900, 1))?.perSecond).toEqual({}));
  it('ignores one report that comes in two events', () =>
    expect(rates(reading(0, 100, 50), reading(1_000, 100, 50))).toBeUndefined());
  it('trusts the clock of the source when it counts parts of a second', () =>
    expect(rates(reading(0, 0, 10.25), reading(3_000, 500, 12.75))?.perSecond).toEqual({ rx: 200 }));
  it('trusts the time of arrival when the clock of the source is too coarse', () =>
    expect(rates(reading(0, 0, 10), reading(2_500, 500, 12))?.perSecond).toEqual({ rx: 200 }));
  it('knows no rate of readings in the same moment or out of order', () => {
    expect(rates(reading(1_000, 1), reading(1_000, 2))).toBeUndefined();
    expect(rates(reading(1_000, 1), reading(500, 2))).toBeUndefined();
  });
});

describe('RateSeries', () => {
  it('needs two readings for the first rate', () => {
    const one = RateSeries.EMPTY.plus(reading(0, 10), 60_000);
    expect(one.latest).toBeUndefined();
    expect(one.plus(reading(1_000, 30), 60_000).latest).toEqual({ atMillis: 1_000, perSecond: { rx: 20 } });
  });
  it('does not count one reading twice', () => {
    const series = RateSeries.EMPTY.plus(reading(0, 10), 60_000).plus(reading(1_000, 30), 60_000);
    expect(series.plus(reading(1_000, 30), 60_000)).toBe(series);
  });
  it('forgets what is older than the window', () => {
    let series = RateSeries.EMPTY;
    for (let second = 0; second <= 100; second++) series = series.plus(reading(second * 1_000, second), 10_000);
    expect(series.samples).toHaveLength(11);
    expect(series.samples[0]?.atMillis).toBe(90_000);
  });
  it('recovers after a restart', () => {
    const series = [reading(0, 500, 100), reading(1_000, 10, 1), reading(2_000, 40, 2)].reduce(
      (s, r) => s.plus(r, 60_000),
      RateSeries.EMPTY,
    );
    expect(series.samples.map((s) => s.perSecond)).toEqual([{}, { rx: 30 }]);
  });
});

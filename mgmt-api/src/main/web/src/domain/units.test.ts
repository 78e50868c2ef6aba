import { describe, expect, it } from 'vitest';
import { bitsPerSecond, bytes, count, duration, linkSpeed, packetsPerSecond, si } from './units';

describe('si', () => {
  it.each([
    [0, '0 pps'],
    [0.004, '<0.01 pps'],
    [0.5, '0.5 pps'],
    [7, '7 pps'],
    [12.34, '12.3 pps'],
    [999.4, '999 pps'],
    [999.6, '1 kpps'],
    [1_234, '1.23 kpps'],
    [1_000_000, '1 Mpps'],
    [14_880_952, '14.9 Mpps'],
    [999_600_000, '1 Gpps'],
    [-1500, '\u22121.5 kpps'],
  ])('%d is %s', (value, text) => expect(packetsPerSecond(value)).toBe(text));

  it('stays in the last prefix beyond it', () => expect(si(5e19, 'B')).toBe('50000 PB'));
  it('shows a dash for what is unknown', () => {
    expect(bitsPerSecond(undefined)).toBe('\u2013');
    expect(bytes(Number.NaN)).toBe('\u2013');
  });
});

describe('count', () => {
  it('never abbreviates', () => expect(count(1_234_567_890)).toBe('1,234,567,890'));
});

describe('duration', () => {
  it.each([
    [0, '0 s'],
    [0.9, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [250, '4 min 10 s'],
    [7_500, '2 h 5 min'],
    [86_400, '1 d'],
    [273_600, '3 d 4 h'],
    [-1, '\u2013'],
  ])('%d s is %s', (seconds, text) => expect(duration(seconds)).toBe(text));
});

describe('linkSpeed', () => {
  it('turns megabits into the usual names', () => {
    expect(linkSpeed(10_000)).toBe('10 Gbit/s');
    expect(linkSpeed(0)).toBe('\u2013');
  });
});

import { describe, expect, it } from 'vitest';
import type { LookupRecord } from '../api/model';
import { diffRecords, inStep, summarize } from './recordDiff';

const RED = '3b6d1d0e-7c55-4c0a-8f3e-0a4b5a1c1006';
const BLUE = '3b6d1d0e-7c55-4c0a-8f3e-0a4b5a1c1007';

function record(rdid: string, vsid: number, customerAddress: string, over: Partial<LookupRecord> = {}): LookupRecord {
  return { rdid, vsid, customerAddress, mac: '00:1d:d8:b7:1c:0a', providerAddress: '10.10.0.11', type: 'STATIC', ...over };
}

const desired = [
  record(RED, 6000, '192.168.1.3'),
  record(RED, 6000, '192.168.1.10'),
  record(RED, 5000, '0.0.0.0', { type: 'GATEWAY_WILDCARD' }),
  record(BLUE, 7000, '192.168.1.3'),
];

describe('diffRecords', () => {
  it('finds no difference in what was pushed, whatever the spelling of addresses', () => {
    const real = desired.map((r) => ({ ...r, mac: r.mac.replaceAll(':', '').toUpperCase(), rdid: r.rdid.toUpperCase() }));
    const sum = summarize(diffRecords(desired, real));
    expect(sum).toEqual({ same: 4, different: 0, missing: 0, unexpected: 0 });
    expect(inStep(sum)).toBe(true);
  });

  it('puts the deviations first and names what differs', () => {
    const moved = record(RED, 6000, '192.168.1.3', { providerAddress: '10.10.0.12', mac: '00:1d:d8:b7:1c:0b' });
    const real = [moved, desired[2] as LookupRecord, desired[3] as LookupRecord, record(BLUE, 9999, '192.168.1.3')];
    const rows = diffRecords(desired, real);
    expect(rows.map((r) => [r.state, r.fields])).toEqual([
      ['missing', []],
      ['different', ['mac', 'providerAddress']],
      ['unexpected', []],
      ['same', []],
      ['same', []],
    ]);
    expect(summarize(rows)).toEqual({ same: 2, different: 1, missing: 1, unexpected: 1 });
    expect(inStep(summarize(rows))).toBe(false);
  });

  it('does not confuse one customer address in two tenants', () => {
    const rows = diffRecords([record(RED, 6000, '192.168.1.3')], [record(BLUE, 6000, '192.168.1.3')]);
    expect(rows.map((r) => r.state)).toEqual(['missing', 'unexpected']);
  });

  it('orders addresses by number, not by letter', () => {
    const rows = diffRecords(desired, desired).filter((r) => r.desired?.vsid === 6000);
    expect(rows.map((r) => r.desired?.customerAddress)).toEqual(['192.168.1.3', '192.168.1.10']);
  });

  it('has nothing to say about nothing', () => expect(inStep(summarize(diffRecords([], [])))).toBe(true));
});

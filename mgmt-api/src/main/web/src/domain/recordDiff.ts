import type { LookupRecord } from '../api/model';

export type DiffState = 'same' | 'different' | 'missing' | 'unexpected';

export interface DiffRow {
  readonly key: string;
  readonly state: DiffState;
  /** Absent when the record is unexpected. */
  readonly desired?: LookupRecord;
  /** Absent when the record is missing. */
  readonly real?: LookupRecord;
  /** Fields whose values differ; empty unless the state is 'different'. */
  readonly fields: readonly ComparedField[];
}

export type ComparedField = 'mac' | 'providerAddress' | 'type';
const COMPARED: readonly ComparedField[] = ['mac', 'providerAddress', 'type'];
const ORDER: Record<DiffState, number> = { missing: 0, different: 1, unexpected: 2, same: 3 };

/** Identity of a lookup record on a node: one per customer address in a virtual subnet. */
export function recordKey(record: LookupRecord): string {
  return `${record.rdid.toLowerCase()}/${record.vsid}/${record.customerAddress.toLowerCase()}`;
}

/** Compares what a node should have with what it has. Deviations come first, then VSID and address order. */
export function diffRecords(desired: readonly LookupRecord[], real: readonly LookupRecord[]): DiffRow[] {
  const realByKey = new Map(real.map((record) => [recordKey(record), record]));
  const desiredKeys = new Set(desired.map(recordKey));
  const rows: DiffRow[] = [
    ...desired.map((record) => compare(record, realByKey.get(recordKey(record)))),
    ...real
      .filter((record) => !desiredKeys.has(recordKey(record)))
      .map((record): DiffRow => ({ key: recordKey(record), state: 'unexpected', real: record, fields: [] })),
  ];
  return rows.sort(byStateThenAddress);
}

function compare(desired: LookupRecord, real: LookupRecord | undefined): DiffRow {
  const key = recordKey(desired);
  if (real === undefined) return { key, state: 'missing', desired, fields: [] };
  const fields = COMPARED.filter((field) => normal(field, desired[field]) !== normal(field, real[field]));
  return { key, state: fields.length === 0 ? 'same' : 'different', desired, real, fields };
}

/** MAC addresses come as 001dd8b71c00, 00-1D-D8-B7-1C-00 or 00:1d:d8:b7:1c:00: the digits count. */
function normal(field: ComparedField, value: string): string {
  const lower = value.toLowerCase();
  return field === 'mac' ? lower.replace(/[^0-9a-f]/g, '') : lower;
}

function byStateThenAddress(a: DiffRow, b: DiffRow): number {
  const left = (a.desired ?? a.real) as LookupRecord;
  const right = (b.desired ?? b.real) as LookupRecord;
  return (
    ORDER[a.state] - ORDER[b.state] ||
    left.vsid - right.vsid ||
    left.customerAddress.localeCompare(right.customerAddress, 'en', { numeric: true })
  );
}

export interface DiffSummary {
  readonly same: number;
  readonly different: number;
  readonly missing: number;
  readonly unexpected: number;
}

export function summarize(rows: readonly DiffRow[]): DiffSummary {
  const sum = { same: 0, different: 0, missing: 0, unexpected: 0 };
  for (const row of rows) sum[row.state]++;
  return sum;
}

export const inStep = (sum: DiffSummary): boolean => sum.different + sum.missing + sum.unexpected === 0;

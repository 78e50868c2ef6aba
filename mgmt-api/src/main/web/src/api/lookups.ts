import { useQuery } from '@tanstack/react-query';
import { oneOf } from './list';

/** An object of any kind, as far as tables look at it. */
export interface Found {
  readonly id: string;
  readonly name: string;
  readonly [field: string]: unknown;
}

interface Asked {
  readonly resolve: (items: readonly Found[]) => void;
  readonly reject: (error: unknown) => void;
}

/** What cells of a table ask in the same moment, by kind and field: it becomes one request. */
const waiting = new Map<string, Map<string, Asked[]>>();

/** Objects of a kind whose field has the value; a list field has it among others. */
export function lookUp(kind: string, field: string, value: string): Promise<readonly Found[]> {
  return new Promise((resolve, reject) => {
    const key = `${kind} ${field}`;
    let batch = waiting.get(key);
    if (!batch) {
      batch = new Map();
      waiting.set(key, batch);
      setTimeout(() => void flush(kind, field), 0);
    }
    batch.set(value, [...(batch.get(value) ?? []), { resolve, reject }]);
  });
}

async function flush(kind: string, field: string): Promise<void> {
  const key = `${kind} ${field}`;
  const batch = waiting.get(key) ?? new Map<string, Asked[]>();
  waiting.delete(key);
  try {
    const items = await oneOf<Found>(kind, field, [...batch.keys()]);
    for (const [value, asked] of batch) {
      const mine = items.filter((item) => item[field] === value);
      for (const { resolve } of asked) resolve(mine);
    }
  } catch (error) {
    for (const { reject } of [...batch.values()].flat()) reject(error);
  }
}

/** The one object whose field has the value; asked again at every change of the fabric. */
export function useFound(kind: string, field: string, value: string | undefined): Found | undefined {
  return useChildren(kind, field, value)?.[0];
}

export const useById = (kind: string, id: string | undefined): Found | undefined => useFound(kind, 'id', id);

/** All objects that refer to another one by a field. */
export function useChildren(kind: string, field: string, value: string | undefined): readonly Found[] | undefined {
  return useQuery({
    queryKey: ['list', kind, field, value],
    queryFn: () => lookUp(kind, field, value ?? ''),
    enabled: value !== undefined,
    staleTime: Infinity,
  }).data;
}

import { send } from './send';

/** One page of a list, as the manager filters, sorts and cuts it. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly total: number;
}

export interface ListQuery {
  /** Terms with commas between, as docs/api.md says. */
  readonly filter?: string;
  readonly sort?: string;
  readonly name?: string;
  readonly limit: number;
  readonly offset?: number;
}

/** The most rows that the manager gives at once. */
export const LIMIT_MAX = 1_000;
/** Values in one filter: the request line has room for so many ids. */
const VALUES = 50;

export const list = <T>(kind: string, { limit, offset = 0, ...query }: ListQuery): Promise<ListPage<T>> => send(kind, { query: { ...query, limit, offset } });

/** A value as it stands in a filter. */
export const filterValue = (value: string): string => value.replaceAll(/[\\,]/g, (c) => `\\${c}`);

/** All objects of a kind whose field has one of the values, by as few requests as hold them; at most LIMIT_MAX of each request. */
export async function oneOf<T>(kind: string, field: string, values: readonly (string | undefined)[]): Promise<readonly T[]> {
  const wanted = [...new Set(values)].filter((value) => value !== undefined);
  const parts: string[][] = [];
  for (let at = 0; at < wanted.length; at += VALUES) parts.push(wanted.slice(at, at + VALUES));
  const pages = await Promise.all(parts.map((part) => list<T>(kind, { filter: `${field}:${part.join('|')}`, limit: LIMIT_MAX })));
  return pages.flatMap(({ items }) => items);
}

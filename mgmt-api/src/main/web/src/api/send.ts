import { refused } from './client';

const REQUEST_TIMEOUT_MILLIS = 20_000;

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly query?: Query;
  readonly body?: unknown;
  /** The version of an object that is to be changed, and no other (If-Match). */
  readonly version?: number;
  /** How long to wait: a trace of real packets and a change at many nodes take longer than a list. */
  readonly timeoutMillis?: number;
}

/** The address of a path below /api/v1, without what is empty. */
export function apiUrl(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `/api/v1/${path}${search && `?${search}`}`;
}

/**
 * One request to the API by its path, for pages that are made from the contract's kinds and have no types of their own.
 *
 * @throws ApiError for every answer but 2xx
 */
export async function send<T>(path: string, { method = 'GET', query, body, version, timeoutMillis = REQUEST_TIMEOUT_MILLIS }: Request = {}): Promise<T> {
  const response = await fetch(apiUrl(path, query), {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(version !== undefined && { 'If-Match': `"${version}"` }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMillis),
  });
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (!response.ok) throw refused(response.status, answer);
  return answer as T;
}

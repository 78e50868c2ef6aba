import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './client';

/** Codes of what is as it is, however often one asks: that a gateway is away is no news a second later. */
const SETTLED = ['node-not-connected', 'node-timeout'];

/** Whether a request that failed may go well at once: not what the manager understood and refused. */
export function mayGoWell(error: unknown): boolean {
  return !(error instanceof ApiError) || (error.status >= 500 && !SETTLED.includes(error.code));
}

/** What the pages have asked. */
export const queries = new QueryClient({
  // The manager is on the same machine or network: one more try, then say what is wrong.
  defaultOptions: { queries: { retry: (failures, error) => failures < 1 && mayGoWell(error), refetchOnWindowFocus: false } },
});

/** Queries whose answers change with the fabric. */
const FOLLOWING = ['list', 'object', 'history', 'usage', 'revisions'] as const;

/** Asks everything again after a change of one's own, which people want to see at once. */
export function refreshFabric(): void {
  for (const name of FOLLOWING) void queries.invalidateQueries({ queryKey: [name] });
}

import { QueryClient } from '@tanstack/react-query';

/** What the pages have asked. */
export const queries = new QueryClient({
  // The manager is on the same machine or network: one more try, then say what is wrong.
  defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false } },
});

/** Queries whose answers change with the fabric. */
const FOLLOWING = ['list', 'object', 'history', 'usage', 'revisions'] as const;

/** Asks everything again after a change of one's own, which people want to see at once. */
export function refreshFabric(): void {
  for (const name of FOLLOWING) void queries.invalidateQueries({ queryKey: [name] });
}

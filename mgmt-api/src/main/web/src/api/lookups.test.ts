import { afterEach, describe, expect, it, vi } from 'vitest';
import { lookUp } from './lookups';

const answer = (items: readonly object[]) => new Response(JSON.stringify({ items, total: items.length }), { status: 200 });

afterEach(() => vi.unstubAllGlobals());

describe('look-ups of cells', () => {
  it('are one request for all that are asked in the same moment, and each gets its own', async () => {
    const fetched = vi.fn((_url: string) => Promise.resolve(answer([{ id: 'a', net: '1' }, { id: 'b', net: '2' }, { id: 'c', net: '1' }])));
    vi.stubGlobal('fetch', fetched);
    const [one, two, none] = await Promise.all(['1', '2', '3'].map((value) => lookUp('vm-subnets', 'net', value)));
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(decodeURIComponent(fetched.mock.calls[0]?.[0] ?? '')).toContain('filter=net:1|2|3');
    expect([one, two, none].map((found) => found?.map(({ id }) => id))).toEqual([['a', 'c'], ['b'], []]);
  });

  it('fail all together', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('{"detail":"no"}', { status: 400 })));
    await expect(Promise.all([lookUp('vms', 'id', 'a'), lookUp('vms', 'id', 'b')])).rejects.toThrow('no');
  });
});

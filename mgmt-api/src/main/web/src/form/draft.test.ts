import { describe, expect, it } from 'vitest';
import { mergePatch, pruned, valueAt, withValue } from './draft';

describe('a draft', () => {
  it('has values by the paths of problem details', () => {
    const draft = withValue(withValue({}, 'nics[0].address', '10.0.0.4'), 'name', 'web');
    expect(draft).toEqual({ nics: [{ address: '10.0.0.4' }], name: 'web' });
    expect(valueAt(draft, 'nics[0].address')).toBe('10.0.0.4');
    expect(valueAt(draft, 'nics[1].address')).toBeUndefined();
    expect(withValue(draft, 'name', undefined)).toEqual({ nics: [{ address: '10.0.0.4' }] });
  });

  it('sends nothing that is empty', () => {
    expect(pruned({ name: ' a ', description: ' ', reserved: ['', '10.0.0.1'], dhcp: { dnsServers: [] }, pcp: false, dscp: 0 })).toEqual({
      name: 'a', reserved: ['10.0.0.1'], pcp: false, dscp: 0,
    });
  });
});

describe('a merge patch', () => {
  it('has what changed, and nothing else', () => {
    expect(mergePatch({ name: 'a', mtu: 1500 }, { name: 'b', mtu: 1500 })).toEqual({ name: 'b' });
    expect(mergePatch({ name: 'a', prefixes: ['10.0.0.0/8'] }, { prefixes: ['10.0.0.0/8'], name: 'a' })).toBeUndefined();
  });

  it('empties lists by an empty list and other fields by null', () => {
    expect(mergePatch({ prefixes: ['10.0.0.0/8'], nat64Prefix: '64:ff9b::/96' }, { prefixes: [], nat64Prefix: '' })).toEqual({
      prefixes: [], nat64Prefix: null,
    });
  });

  it('goes into groups and replaces lists', () => {
    expect(mergePatch({ quota: { ports: 1, sessions: 2 }, rules: [{ priority: 1 }] }, { quota: { ports: 3, sessions: 2 }, rules: [{ priority: 2 }] })).toEqual({
      quota: { ports: 3 }, rules: [{ priority: 2 }],
    });
  });
});

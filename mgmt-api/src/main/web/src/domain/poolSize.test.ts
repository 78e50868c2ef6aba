import { expect, it } from 'vitest';
import { poolSize } from './poolSize';

it.each([
  ['10.10.10.10', '10.10.10.99', 90],
  ['192.0.2.1', '192.0.2.1', 1],
  ['10.0.0.255', '10.0.1.0', 2],
  ['2001:db8::10', '2001:db8::ffff', 65520],
  ['::', '::1', 2],
  ['2001:db8:0:0:0:0:0:1', '2001:db8::2', 2],
])('%s to %s are %i addresses', (first, last, size) => {
  expect(poolSize(first, last)).toBe(size);
});

import { expect, it } from 'vitest';
import { ownPath } from './ownPath';

it.each(['/', '/my/networks/1', '/fabric/vms?page=2'])('%s is a path of these pages', (path) => expect(ownPath(path)).toBe(path));

it.each(['//evil.example/', '/\\evil.example', 'https://evil.example/', 'javascript:alert(1)', '', null])('%s is none', (path) =>
  expect(ownPath(path)).toBeUndefined());

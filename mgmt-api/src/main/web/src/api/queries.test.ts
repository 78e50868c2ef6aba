import { describe, expect, it } from 'vitest';
import { ApiError } from './client';
import { mayGoWell } from './queries';

describe('a request that failed', () => {
  it('is sent again if nothing was answered, or the manager could not', () => {
    expect(mayGoWell(new TypeError('network'))).toBe(true);
    expect(mayGoWell(new ApiError(503, 'store-unavailable', 'away'))).toBe(true);
    expect(mayGoWell(new ApiError(500, 'internal', 'wrong'))).toBe(true);
  });
  it('is not sent again if the answer will be the same', () => {
    expect(mayGoWell(new ApiError(404, 'not-found', 'none'))).toBe(false);
    expect(mayGoWell(new ApiError(503, 'node-not-connected', 'gw-1 is not connected'))).toBe(false);
    expect(mayGoWell(new ApiError(504, 'node-timeout', 'gw-1 does not answer'))).toBe(false);
  });
});

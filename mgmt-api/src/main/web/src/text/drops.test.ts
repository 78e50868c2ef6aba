import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dropText } from './drops';

const REASONS = new URL('../../../../../../gateway/src/main/java/net/nvgate/gateway/worker/DropReason.java', import.meta.url);

describe('dropText', () => {
  it('explains every reason of the data path', () => {
    const labels = [...readFileSync(REASONS, 'utf8').matchAll(/^\s+[A-Z0-9_]+\(\s*"([a-z0-9-]+)"/gm)].map((match) => match[1] as string);
    expect(labels.length).toBeGreaterThan(20);
    expect(labels.filter((label) => dropText(label).help === undefined)).toEqual([]);
  });

  it('takes either spelling', () => expect(dropText('UNKNOWN_VSID')).toEqual(dropText('unknown-vsid')));

  it('makes an unknown reason readable', () => expect(dropText('SOMETHING_NEW')).toEqual({ title: 'Something new' }));
});

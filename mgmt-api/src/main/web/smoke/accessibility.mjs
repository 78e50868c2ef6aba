// WCAG 2.2 A and AA by axe-core, run inside the page.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export async function assertAccessible(page, where) {
  await page.evaluate(source);
  const found = await page.evaluate(
    // eslint-disable-next-line no-undef
    async (tags) => (await axe.run(document, { runOnly: { type: 'tag', values: tags } })).violations,
    TAGS,
  );
  const lines = found.map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`).slice(0, 3).join(' | ')}`);
  assert.deepEqual(lines, [], `accessibility of ${where}`);
}

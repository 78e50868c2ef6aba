// Fails the build when the first load is larger than allowed: what index.html names, the overview as the first page of most
// (its charts come later), and the fonts that every page needs.
//   node budget.mjs [DIST]
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const FIRST_LOAD_BYTES = 300 * 1024;
const FIRST_PAGE = /^OverviewPage-.*\.(js|css)$/;
const FONT = /^RedHatText(VF)?-[^I].*\.woff2$/;

const dist = process.argv[2] ?? process.env.NVGATE_WEB_OUT ?? fileURLToPath(new URL('../../../target/classes/web', import.meta.url));
const html = readFileSync(join(dist, 'index.html'), 'utf8');
const named = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, name]) => name);
const fonts = readdirSync(join(dist, 'assets')).filter((name) => FONT.test(name)).map((name) => `assets/${name}`);
const page = readdirSync(join(dist, 'assets')).filter((name) => FIRST_PAGE.test(name)).map((name) => `assets/${name}`);

/** A script with all that it imports at once. */
function closure(name, found) {
  if (found.has(name)) return found;
  found.add(name);
  if (!name.endsWith('.js')) return found;
  const imports = readFileSync(join(dist, name), 'utf8').matchAll(/\b(?:from|import)\s*["'](\.\/[^"']+)["']/g);
  for (const [, other] of imports) closure(join(dirname(name), other), found);
  return found;
}

const all = new Set(['index.html', ...fonts]);
for (const name of [...named, ...page]) closure(name, all);
const sizes = [...all].map((name) => {
  const bytes = readFileSync(join(dist, name));
  // Fonts are compressed already.
  return [name, name.endsWith('.woff2') ? bytes.length : gzipSync(bytes).length];
});
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
if (total > FIRST_LOAD_BYTES) {
  for (const [name, size] of sizes) console.error(`${String(size).padStart(8)}  ${name}`);
  console.error(`first load: ${total} bytes compressed, allowed are ${FIRST_LOAD_BYTES}`);
  process.exit(1);
}
console.log(`first load: ${total} bytes compressed of ${FIRST_LOAD_BYTES}`);

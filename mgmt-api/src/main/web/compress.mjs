// Compresses what the build made, once and as well as it goes, so that a manager that was just started does not do it for the first who asks.
//   node compress.mjs [DIST]
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';

const TEXT = /\.(js|css|svg|html|json)$/;
/** As the manager has it: what hardly gets smaller is sent as it is. */
const WORTH = 0.9;

const dist = process.argv[2] ?? process.env.NVGATE_WEB_OUT ?? fileURLToPath(new URL('../../../target/classes/web', import.meta.url));
const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && TEXT.test(entry.name));
for (const { parentPath, name } of files) {
  const bytes = readFileSync(join(parentPath, name));
  const smaller = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
  if (smaller.length < bytes.length * WORTH) writeFileSync(join(parentPath, `${name}.gz`), smaller);
}

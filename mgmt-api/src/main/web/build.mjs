// Called by Maven: installs what the lock file names, then builds or tests; what did not change is not done again.
//   node build.mjs build OUTPUT    builds into OUTPUT
//   node build.mjs test            runs the unit tests
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const stamps = join(here, '../../../target/web-stamps');
const SOURCES = ['src', 'public', 'index.html', 'contract.mjs', 'budget.mjs', 'compress.mjs', 'themes.mjs', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', '../resources/openapi.yaml'];
const GENERATED = /\.gen\.(ts|json)$/;

function files(path) {
  const all = join(here, path);
  const inside = readdirSync(all, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return inside.map((entry) => join(entry.parentPath, entry.name)).filter((name) => !GENERATED.test(name)).sort();
}

function hash(paths) {
  const sum = createHash('sha256');
  for (const path of paths) {
    const names = ['src', 'public'].includes(path) ? files(path) : [join(here, path)];
    for (const name of names) sum.update(name).update(readFileSync(name));
  }
  return sum.digest('hex');
}

/** Runs the step unless it already ran for exactly these inputs and its result is still there. */
function step(name, inputs, result, run) {
  const stamp = join(stamps, name);
  const now = hash(inputs);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now && existsSync(result)) return;
  run();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, now);
}

const npm = (args, env = {}) => execFileSync('npm', args, { cwd: here, stdio: 'inherit', env: { ...process.env, ...env } });

const [verb, output] = process.argv.slice(2);
step('install', ['package-lock.json'], join(here, 'node_modules/.package-lock.json'), () => npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']));
if (verb === 'build' && output) {
  step('build', SOURCES, join(output, 'index.html'), () => npm(['run', '--silent', 'build'], { NVGATE_WEB_OUT: output }));
} else if (verb === 'test') {
  npm(['run', '--silent', 'test']);
} else {
  console.error('usage: node build.mjs build OUTPUT | test');
  process.exit(2);
}

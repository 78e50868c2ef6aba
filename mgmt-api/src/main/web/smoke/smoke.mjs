// Drives the real pages in a real browser against a running manager and compares what they show with the API.
//   npm run smoke -- --url http://127.0.0.1:8080 [--shots DIRECTORY] [--no-shots] [--chromium PATH]
//   npm run smoke -- --fixture DIST      the same against fixtures, for work on the pages themselves
// Ends with 0 if all checks passed, 1 if one failed, 2 on wrong use.
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { apiOf } from './api.mjs';
import { openBrowser } from './browser.mjs';
import * as checks from './checks.mjs';
import { startFixture } from './fixtureServer.mjs';
import { takeScreenshots } from './screenshots.mjs';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    fixture: { type: 'string' },
    shots: { type: 'string', default: fileURLToPath(new URL('../../../../target/ui-screenshots', import.meta.url)) },
    'no-shots': { type: 'boolean', default: false },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
if (!options.url === !options.fixture) {
  console.error('Give one of --url http://HOST:PORT and --fixture DIST');
  process.exit(2);
}

const server = options.fixture && (await startFixture(options.fixture, 0));
const base = options.url ?? `http://127.0.0.1:${server.address().port}`;
const api = apiOf(base);
const browser = await openBrowser(base, options.chromium);
let failed = 0;

/** Chromium drops requests when an address or interface of the machine changes, as end-to-end tests do all the time. */
const UNSETTLED = 'ERR_NETWORK_CHANGED';
const ATTEMPTS = 3;

async function attempt(check) {
  let message;
  try {
    await check({ ...browser, api });
  } catch (error) {
    message = error.message;
  }
  return [...(message ? [message] : []), ...browser.problems.splice(0)];
}

async function run(name, check) {
  const started = performance.now();
  let wrong = await attempt(check);
  for (let i = 1; i < ATTEMPTS && wrong.some((line) => line.includes(UNSETTLED)); i++) wrong = await attempt(check);
  if (wrong.length === 0) {
    console.log(`ok    ${name} (${Math.round(performance.now() - started)} ms)`);
  } else {
    failed++;
    console.log(`FAIL  ${name}\n      ${wrong.join('\n').replaceAll('\n', '\n      ')}`);
  }
}

try {
  for (const [name, check] of Object.entries(checks)) await run(name, check);
  if (!options['no-shots']) {
    await run('screenshots and accessibility', async ({ page }) => takeScreenshots(page, options.shots, (await api.list('vms'))[0].id));
  }
} finally {
  await browser.close();
  server?.closeAllConnections();
  server?.close();
}
console.log(failed === 0 ? 'All checks passed.' : `${failed} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;

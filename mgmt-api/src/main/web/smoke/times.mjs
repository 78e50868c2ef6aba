// How long pages take on a large fabric: from the start of a navigation until what the page is for is shown. Needs a running manager.
//   npm run times -- --url https://127.0.0.1:18443 --password-file FILE [--runs 3] [--chromium PATH]
// Each page is opened anew with what is cached by then, as by a link in another window; the first load has an empty cache.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:tls';
import { parseArgs } from 'node:util';
import { openBrowser } from './browser.mjs';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    'password-file': { type: 'string' },
    runs: { type: 'string', default: '3' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
if (!options.url || !options['password-file']) {
  console.error('Give --url https://HOST:PORT and --password-file FILE');
  process.exit(2);
}
const ROW = 'table tbody tr td';
const PAGES = [
  ['/', '[data-testid=hosts]'],
  ['/topology', '[data-testid=box-host]'],
  ['/vm-networks', `[data-testid=vm-networks] ${ROW}`],
  ['/vms', `[data-testid=vms] ${ROW}`],
  ['/nat', ROW],
  ['/fabric/hosts', ROW],
  ['/fabric/vms', ROW],
  ['/fabric/vm-subnets', ROW],
  ['/convergence', ROW],
  ['/revisions', ROW],
];
const password = (await readFile(options['password-file'], 'utf8')).trim();
/** The manager's certificate is as good as one that the browser knows: what came with errors would not be cached. */
async function trusting(url) {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:') return [];
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const key = socket.getPeerX509Certificate().publicKey.export({ type: 'spki', format: 'der' });
  socket.destroy();
  return [`--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`];
}

const browser = await openBrowser(options.url, options.chromium, await trusting(options.url));
const { page } = browser;
let received = 0;
const session = await page.context().newCDPSession(page);
await session.send('Network.enable');
session.on('Network.loadingFinished', ({ encodedDataLength }) => { received += encodedDataLength; });

/** Milliseconds until the selector is there, by the page's own clock. */
async function open(path, selector) {
  received = 0;
  await page.goto(path, { waitUntil: 'commit' });
  await page.locator(selector).first().waitFor({ state: 'attached' });
  return page.evaluate(() => performance.now());
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
try {
  const first = await open('/vms', 'input[type=password]');
  console.log(`first load, login: ${Math.round(first)} ms, ${Math.round(received / 1024)} KiB`);
  await page.locator('input').first().fill('admin');
  await page.locator('input[type=password]').fill(password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.locator(PAGES[3][1]).first().waitFor();
  for (const [path, selector] of PAGES) {
    const times = [];
    for (let run = 0; run < Number(options.runs); run++) times.push(await open(path, selector));
    console.log(`${path.padEnd(22)} ${String(Math.round(median(times))).padStart(6)} ms   (${times.map(Math.round).join(', ')})  ${Math.round(received / 1024)} KiB received`);
  }
} finally {
  await browser.close();
}

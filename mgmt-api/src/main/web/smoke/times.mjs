// How long pages take on a large fabric: from the start of a navigation until what the page is for is shown. Needs a running manager.
//   npm run times -- --url https://127.0.0.1:18443 --password-file FILE [--tenant tenant0] [--runs 3] [--only REGEX] [--chromium PATH]
// --only: of the pages whose address fits; none for the first load alone
// Pages of the tenant are those that a user of it sees, who is made for that and deleted.
// Each page is opened anew with what is cached by then, as by a link in another window; the first load has an empty cache.
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:tls';
import { parseArgs } from 'node:util';
import { openBrowser } from './browser.mjs';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    'password-file': { type: 'string' },
    tenant: { type: 'string', default: 'tenant0' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
if (!options.url || !options['password-file']) {
  console.error('Give --url https://HOST:PORT and --password-file FILE');
  process.exit(2);
}
const ROW = 'table tbody tr td';
/** What the page is for; without a selector its heading, and nothing that still loads. */
const SHOWN = 'main h1';
const ADMIN = [
  ['/', '[data-testid=hosts]'],
  ['/topology', '[data-testid=box-host]'],
  ['/guide'],
  ['/vm-networks', `[data-testid=vm-networks] ${ROW}`],
  ['/vms', `[data-testid=vms] ${ROW}`],
  ['/nat', ROW],
  ['/gateways'],
  ['/sessions'],
  ['/trace'],
  ['/traffic'],
  ['/mtu'],
  ['/records'],
  ['/convergence', ROW],
  ['/revisions', ROW],
  ['/audit'],
  ['/users'],
  ['/tokens'],
  ['/settings'],
  ['/fabric/hosts', ROW],
  ['/fabric/vms', ROW],
  ['/fabric/vm-subnets', ROW],
  ['/fabric/vms/new'],
];
const TENANT = [
  ['/', 'main a[href^="/my/networks/"]'],
  ['/my/usage'],
  ['/my/sessions'],
  ['/my/why'],
  ['/my/mtu'],
  ['/users'],
  ['/tokens'],
  ['/my/networks/new'],
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

/** Milliseconds until the page is shown and loads nothing any more, by the page's own clock. */
async function open(path, selector = SHOWN) {
  received = 0;
  await page.goto(path, { waitUntil: 'commit' });
  // Frame by frame, in the page: a locator looks again after half a second.
  return page.evaluate((wanted) => new Promise((resolve) => {
    const look = () => {
      const shown = document.querySelector(wanted) && !document.querySelector('main [role=progressbar]');
      if (shown) resolve(performance.now());
      else requestAnimationFrame(look);
    };
    look();
  }), selector);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const list = (values) => values.map(Math.round).join(', ');

async function measure(pages) {
  for (const [path, selector] of pages.filter(([name]) => new RegExp(options.only).test(name))) {
    const times = [];
    for (let run = 0; run < Number(options.runs); run++) times.push(await open(path, selector));
    const shown = path.replace(/[0-9a-f-]{36}/, 'ID');
    console.log(`${shown.padEnd(22)} ${String(Math.round(median(times))).padStart(6)} ms   (${list(times)})  ${Math.round(received / 1024)} KiB received`);
  }
}

/** In the page, with its session. */
const ask = (method, path, body) => page.evaluate(async ([verb, place, content]) => {
  const response = await fetch(`/api/v1/${place}`, {
    method: verb,
    headers: { 'X-Nvgate-Session': 'times', ...(content === undefined ? {} : { 'Content-Type': 'application/json' }) },
    body: content === undefined ? undefined : JSON.stringify(content),
  });
  if (!response.ok) throw new Error(`${verb} ${place}: HTTP ${response.status} ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}, [method, path, body]);

async function logIn(user, secret) {
  await page.locator('input').first().fill(user);
  await page.locator('input[type=password]').fill(secret);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.locator('nav a').first().waitFor();
}

/** Somebody of the tenant, who has given the password anew as one has to. */
async function tenantUser() {
  const name = `times-${Date.now()}`;
  const [given, own] = [randomUUID(), randomUUID()];
  await ask('POST', 'users', { name, role: 'TENANT_OWNER', tenant: options.tenant, password: given });
  await ask('POST', 'logout');
  await ask('POST', 'login', { user: name, password: given });
  await ask('POST', 'password', { current: given, password: own });
  await ask('POST', 'logout').catch(() => undefined);
  await page.context().clearCookies();
  return [name, own];
}

try {
  const loads = [];
  for (let run = 0; run < Number(options.runs); run++) {
    await session.send('Network.clearBrowserCache');
    loads.push(await open('/vms', 'input[type=password]'));
  }
  console.log(`first load, login: ${Math.round(median(loads))} ms (${list(loads)}), ${Math.round(received / 1024)} KiB`);
  await logIn('admin', password);
  const [network] = (await ask('GET', `vm-networks?limit=1&filter=name=n0`)).items;
  const [vm] = (await ask('GET', 'vms?limit=1')).items;
  await measure([...ADMIN, [`/fabric/vms/${vm.id}`], [`/fabric/vm-networks/${network.id}`]]);
  const [user, own] = await tenantUser();
  await page.goto('/');
  await logIn(user, own);
  console.log(`tenant ${options.tenant}`);
  await measure([...TENANT, [`/my/networks/${network.id}`]]);
  await page.context().clearCookies();
  await page.goto('/');
  await logIn('admin', password);
  await ask('DELETE', `users/${user}`);
} finally {
  await browser.close();
}

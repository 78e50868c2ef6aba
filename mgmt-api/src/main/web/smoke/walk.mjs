// The whole walk-through in a real browser against a manager that asks who is there: an administrator builds a fabric, a tenant
// makes a network in it. Once by mouse, once by keyboard; with `--hands mouse` the keyboard has a shorter one, and pages are looked at in the dark and on a phone.
//   npm run walk -- --url http://127.0.0.1:8080 --password-file FILE [--shots DIRECTORY] [--chromium PATH] [--timeout SECONDS] [--hands mouse,keyboard]
// The fabric must be empty; the file has the password of the user admin. Ends with 0 if all went well, 1 if not, 2 on wrong use.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { openBrowser } from './browser.mjs';
import { keyboard, mouse } from './hands.mjs';
import { loginFails, sessionEnds } from './walkAccess.mjs';
import { adminByKeyboard, adminWalk } from './walkAdmin.mjs';
import { otherScreens } from './walkScreens.mjs';
import { tenantByKeyboard, tenantWalk } from './walkTenant.mjs';
import { Walker } from './walker.mjs';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    'password-file': { type: 'string' },
    shots: { type: 'string', default: fileURLToPath(new URL('../../../../target/ui-screenshots', import.meta.url)) },
    hands: { type: 'string', default: 'mouse,keyboard' },
    timeout: { type: 'string', default: '60' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
if (!options.url || !options['password-file']) {
  console.error('Give --url http://HOST:PORT and --password-file FILE');
  process.exit(2);
}

const password = (await readFile(options['password-file'], 'utf8')).trim();
const browser = await openBrowser(options.url, options.chromium);
browser.page.setDefaultTimeout(Number(options.timeout) * 1_000);
const walker = new Walker(browser, options.shots);
let failed = 0;

/** No gateway process follows this manager, so live views of one are answered 503, which the pages say in words. */
const NO_GATEWAY = /\b503\b.*\/(capture|counters|drops|lookup-records|mtu|nat-mappings|neighbors|packet-traces|port-acls|sessions|top|trace)\b/;

/** A step builds on the one before, so nothing runs after a failure. */
async function run(name, step) {
  if (failed > 0) return;
  const started = performance.now();
  try {
    await step();
    const problems = browser.problems.splice(0).filter((line) => !NO_GATEWAY.test(line));
    if (problems.length > 0) throw new Error(problems.join('\n'));
    console.log(`ok    ${name} (${Math.round(performance.now() - started)} ms)`);
  } catch (error) {
    failed++;
    await walker.shot(`failed-${name.replaceAll(/\W+/g, '-')}`).catch(() => undefined);
    console.log(`FAIL  ${name}\n      ${String(error.stack).replaceAll('\n', '\n      ')}`);
  }
}

try {
  await run('a wrong password is refused', () => loginFails(walker, password));
  for (const hands of [mouse(browser.page), keyboard(browser.page)].filter(({ name }) => options.hands.split(',').includes(name))) {
    const round = walker.with(hands);
    await run(`an administrator builds a fabric by ${hands.name}`, () => adminWalk(round, password));
    await run(`a tenant makes a network by ${hands.name}`, () => tenantWalk(round));
  }
  if (options.hands === 'mouse') {
    const keys = walker.with(keyboard(browser.page));
    await run('an administrator makes a VM by keyboard', () => adminByKeyboard(keys, password));
    await run('a tenant makes a network by keyboard', () => tenantByKeyboard(keys, 'contoso'));
    await run('pages in the dark and on a phone', () => otherScreens(walker, password));
  }
  await run('an ended session asks for a new login and stays on the page', () => sessionEnds(walker, password));
} finally {
  await browser.close();
}
console.log(failed === 0 ? 'All steps went well.' : `${failed} steps failed.`);
process.exitCode = failed === 0 ? 0 : 1;

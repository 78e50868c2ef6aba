// One Chromium with an empty profile that talks to nobody but the manager, and what went wrong in it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const ARGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** @param more arguments of Chromium */
export async function openBrowser(base, executablePath, more = []) {
  const profile = await mkdtemp(join(tmpdir(), 'nvgate-ui-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...ARGS, ...more],
    viewport: { width: 1440, height: 900 },
    baseURL: base,
  });
  context.setDefaultTimeout(60_000);
  const page = context.pages()[0] ?? (await context.newPage());
  const problems = [];
  const origin = new URL(base).origin;
  let expectFailures = false;
  page.on('console', (message) => {
    // Before a login the page has to ask whether there was one.
    if (message.text().includes('401') && message.location().url.endsWith('/api/v1/session')) return;
    if (message.type() === 'error' && !expectFailures) problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol.startsWith('http')) problems.push(`request to another place: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500 && !expectFailures) problems.push(`${response.status()} from ${response.url()}`);
  });
  return {
    page,
    problems,
    /** Failed requests are no problem while a check makes them fail on purpose. */
    expectFailures: (on) => {
      expectFailures = on;
    },
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

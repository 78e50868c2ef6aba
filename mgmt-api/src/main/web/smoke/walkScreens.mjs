// What the walk made, in the dark and on a phone: screenshots, contrast by axe, nothing wider than the screen.
import assert from 'node:assert/strict';
import { NEW_PASSWORD } from './walkAdmin.mjs';
import { mouse } from './hands.mjs';

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };
const ADMIN = [
  ['overview', '/', 'hosts'], ['topology', '/topology', 'box-gateway'], ['guide', '/guide', undefined], ['vm-networks', '/vm-networks', 'vm-networks'], ['vms', '/vms', 'vms'],
  ['gateways', '/gateways', 'gateway'], ['settings', '/settings', 'certificates'], ['form', '/fabric/vms/new', undefined], ['nat', '/nat', 'nat-rules'],
];
const TENANT = [['my-networks', '/my', 'my-network'], ['usage', '/my/usage', 'usage'], ['why', '/my/why', 'trace'], ['new-network', '/my/networks/new', undefined]];

export async function otherScreens(bare, password) {
  const walker = bare.with(mouse(bare.page));
  // No gateway process follows this manager: pages that ask one say so.
  walker.browser.expectFailures(true);
  await walker.page.evaluate(() => localStorage.setItem('nvgate.theme', 'dark'));
  await walker.page.goto('/');
  await walker.login('admin', password);
  await walker.heading('Overview').waitFor();
  await eachPage(walker, ADMIN);
  await walker.logout();
  await walker.login('contoso', NEW_PASSWORD);
  await walker.heading('My networks').waitFor();
  await eachPage(walker, TENANT);
  await walker.logout();
  await walker.page.evaluate(() => localStorage.removeItem('nvgate.theme'));
  walker.browser.expectFailures(false);
}

async function eachPage(walker, pages) {
  const { page } = walker;
  for (const [name, path, region] of pages) {
    await page.goto(path);
    await page.locator('h1').waitFor();
    if (region) await walker.region(region).first().waitFor();
    await walker.look(`dark-${name}`);
  }
  await page.setViewportSize(PHONE);
  for (const [name, path, region] of pages) {
    await page.goto(path);
    await page.locator('h1').waitFor();
    if (region) await walker.region(region).first().waitFor();
    await walker.shot(`phone-${name}`);
    const wide = await page.evaluate(() => document.querySelector('main')?.scrollWidth - document.querySelector('main')?.clientWidth);
    assert.ok(wide <= 1, `${path} is ${wide} pixels wider than a phone`);
  }
  await page.setViewportSize(DESK);
}

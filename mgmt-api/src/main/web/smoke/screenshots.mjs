// Pictures of every page, for a person's eye.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assertAccessible } from './accessibility.mjs';

const PAGES = [
  ['overview', '/', '[data-testid=nodes]'],
  ['topology', '/topology', '[data-testid=box-gateway]'],
  ['vm-networks', '/vm-networks', '[data-testid=vm-networks]'],
  ['vms', '/vms', '[data-testid=vms]'],
  ['nat', '/nat', '[data-testid=nat-connections]'],
  ['records', '/records', '[data-testid=records] tbody'],
  ['sessions', '/sessions', '[data-testid=sessions]'],
  ['mtu', '/mtu', '[data-testid=mtu]'],
  ['convergence', '/convergence', '[data-testid=convergence] tbody'],
];
const SCREENS = [
  ['desktop', { width: 1440, height: 900 }],
  ['phone', { width: 390, height: 844 }],
  ['wall', { width: 2560, height: 1440 }],
];

/** The page scrolls inside its frame, so a picture of all of it needs a tall screen. */
async function tall(page, path, size) {
  await page.setViewportSize({ ...size, height: 3_000 });
  await page.waitForTimeout(700);
  await page.screenshot({ path });
  await page.setViewportSize(size);
}

export async function takeScreenshots(page, directory, firstVm) {
  await mkdir(directory, { recursive: true });
  for (const theme of ['light', 'dark']) {
    await page.evaluate((choice) => localStorage.setItem('nvgate.theme', choice), theme);
    for (const [screen, size] of SCREENS) {
      await page.setViewportSize(size);
      // Every page in the two themes on a desk; the first two on other screens.
      for (const [name, path, ready] of screen === 'desktop' ? PAGES : PAGES.slice(0, 2)) {
        await page.goto(path);
        await page.locator(ready).first().waitFor();
        await page.waitForTimeout(name === 'overview' ? 4_000 : 700);
        await page.screenshot({ path: join(directory, `${name}-${screen}-${theme}.png`) });
        if (screen === 'phone') await tall(page, join(directory, `${name}-phone-tall-${theme}.png`), size);
        if (screen !== 'wall') await assertAccessible(page, `${path} on ${screen}, ${theme}`);
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`/topology?selected=vm:${firstVm}`);
    await page.getByTestId('details').waitFor();
    await page.getByTestId('box-gateway').waitFor();
    await page.waitForTimeout(700);
    await page.screenshot({ path: join(directory, `details-desktop-${theme}.png`) });
    await assertAccessible(page, `details, ${theme}`);
  }
}

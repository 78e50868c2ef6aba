// What the pages must show, compared with what the API says at the same time.
import assert from 'node:assert/strict';

const number = (text) => Number(text.replaceAll(',', ''));

/** A counter read from the page must lie between two answers of the API that enclose it. */
function between(low, shown, high, what) {
  assert.ok(low <= shown && shown <= high, `${what}: page shows ${shown}, API said ${low} before and ${high} after`);
}

export async function overviewShowsTheNumbersOfTheApi({ page, api }) {
  await page.goto('/');
  await page.getByTestId('connection').and(page.locator('[data-mode=live], [data-mode=polling]')).waitFor();
  const before = await api.overview();
  // Whatever the page shows after the next two events is newer than "before".
  await page.waitForTimeout(2_200);
  const shown = await readOverview(page);
  const after = await api.overview();
  between(before.revision, shown.revision, after.revision, 'head revision');
  const well = after.gateways.filter((g) => g.connected && g.forwarding).length;
  assert.equal(shown.gateways, after.gateways.length ? `${well} / ${after.gateways.length}` : '0 / 0', 'gateways forwarding');
  assert.equal(shown.hosts, `${after.hosts.filter((h) => h.connected).length} / ${after.hosts.length}`, 'hosts connected');
  compareVsids(before, shown, after);
  compareDrops(before, shown, after);
}

async function readOverview(page) {
  return page.evaluate(() => {
    const text = (selector, root = document) => root.querySelector(selector)?.textContent?.trim() ?? '';
    const rows = (panel) => [...document.querySelectorAll(`[data-testid=${panel}] tbody tr[data-row]`)];
    return {
      revision: Number(text('[data-testid=head-revision]').replaceAll(',', '')),
      gateways: text('[data-testid=gateways] .nv-health__value'),
      hosts: text('[data-testid=hosts] .nv-health__value'),
      vsids: rows('vsids').map((row) => ({
        key: row.dataset.row,
        rx: text('[data-testid=rxPackets]', row),
        tx: text('[data-testid=txPackets]', row),
      })),
      drops: [...document.querySelectorAll('[data-testid=drops] li')].map((li) => [li.dataset.reason, text('[data-testid=drop-total]', li)]),
    };
  });
}

function compareVsids(before, shown, after) {
  const expected = after.gateways.flatMap((g) => (g.status?.vsids ?? []).map((v) => `${g.name}/${v.vsid}`));
  assert.deepEqual(shown.vsids.map((v) => v.key).sort(), expected.sort(), 'virtual subnets');
  for (const { key, rx, tx } of shown.vsids) {
    const of = (overview) => overview.gateways.flatMap((g) => (g.status?.vsids ?? []).filter((v) => `${g.name}/${v.vsid}` === key))[0];
    const [low, high] = [of(before), of(after)];
    between(low?.rxPackets ?? 0, number(rx), high.rxPackets, `${key} from tenant`);
    between(low?.txPackets ?? 0, number(tx), high.txPackets, `${key} to tenant`);
  }
}

function compareDrops(before, shown, after) {
  const sums = (overview) => {
    const totals = {};
    for (const g of overview.gateways) for (const [k, v] of Object.entries(g.status?.drops ?? {})) totals[k] = (totals[k] ?? 0) + v;
    return totals;
  };
  const [low, high] = [sums(before), sums(after)];
  const shownNames = shown.drops.map(([reason]) => reason);
  for (const reason of Object.keys(low).filter((r) => low[r] > 0)) assert.ok(shownNames.includes(reason), `drop reason ${reason} is shown`);
  for (const [reason, total] of shown.drops) between(low[reason] ?? 0, number(total), high[reason], `drops ${reason}`);
}

export async function topologyShowsEveryObject({ page, api }) {
  await page.goto('/topology');
  const [hosts, gateways, vms, networks] = await Promise.all(['hosts', 'gateways', 'vms', 'vm-networks'].map(api.list));
  const boxes = (kind) => page.getByTestId(`box-${kind}`);
  await boxes('gateway').first().waitFor();
  assert.equal(await boxes('gateway').count(), gateways.length, 'gateways in the picture');
  assert.equal(await boxes('host').count(), hosts.length, 'hosts in the picture');
  if (vms.length <= 60) assert.equal(await boxes('vm').count(), vms.length, 'VMs in the picture');
  for (const network of networks.slice(0, 10)) await page.locator(`#tenant-${network.id}`).waitFor();
  const vm = vms[0];
  await boxes('vm').filter({ hasText: vm.name }).first().click();
  const details = page.getByTestId('details');
  await details.getByText(vm.nics[0].mac, { exact: false }).first().waitFor();
  await details.getByText(vm.nics[0].address, { exact: false }).first().waitFor();
  assert.match(page.url(), new RegExp(`selected=vm(%3A|:)${vm.id}`), 'the selection is in the address');
  const connected = (await api.overview()).gateways.some((g) => g.connected);
  if (connected) await details.locator('li').first().waitFor();
}

export async function topologyWorksByKeyboard({ page, api }) {
  await page.goto('/topology');
  const box = page.locator('.react-flow__node', { has: page.getByTestId('box-host') }).first();
  await box.waitFor();
  await box.focus();
  await page.keyboard.press('Enter');
  const details = page.getByTestId('details');
  await details.waitFor();
  const [host] = (await api.list('hosts')).filter(({ id }) => page.url().includes(id));
  await details.getByText(host.providerAddress).first().waitFor();
  await page.keyboard.press('Escape');
  await details.waitFor({ state: 'detached' });
}

export async function tablesShowEveryObject({ page, api }) {
  const show = async (path, panel, texts) => {
    await page.goto(path);
    const area = page.getByTestId(panel);
    await area.waitFor();
    for (const text of texts) await area.getByText(text, { exact: false }).first().waitFor();
  };
  const kinds = ['vm-networks', 'vm-subnets', 'vms', 'nat-connections', 'nat-rules', 'nat-one-to-ones', 'nat-exemptions', 'tenant-interfaces'];
  const [networks, subnets, vms, nats, rules, ones, exemptions, interfaces] = await Promise.all(kinds.map(api.list));
  await show('/vm-networks', 'vm-networks', [...networks.flatMap((n) => [n.name, n.rdid]), ...subnets.map((s) => String(s.vsid))]);
  await show('/vms', 'vms', vms.flatMap((vm) => [vm.name, ...vm.nics.flatMap((nic) => [nic.address, nic.mac])]));
  if (nats.length > 0) await show('/nat', 'nat-connections', nats.map((nat) => nat.externalAddress));
  if (ones.length > 0) await show('/nat', 'nat-one-to-ones', ones.map((one) => one.externalAddress));
  if (exemptions.length > 0) await show('/nat', 'nat-exemptions', exemptions.map((exemption) => exemption.destinationPrefix));
  if (interfaces.length > 0) await show('/vm-networks', 'tenant-routes', interfaces.map((tenant) => tenant.addresses[0].address));
  if (rules.length > 0) await show('/nat', 'nat-rules', rules.map((rule) => `${rule.internalAddress}:${rule.internalPort}`));
}

export async function recordsAreCompared({ page, api }) {
  const gateway = (await api.overview()).gateways.find((g) => g.connected);
  if (!gateway) return;
  await page.goto(`/records?node=${gateway.id}`);
  await page.getByTestId('records-summary').waitFor();
  const records = await api.records(gateway.id);
  const shown = await page.locator('[data-testid=records] [data-state=same], [data-testid=records] [data-state=different], [data-testid=records] [data-state=unexpected]').count();
  assert.equal(shown, Math.min(records.length, 50), 'records of the gateway');
}

export async function offlineIsSaidAndRecovered({ page, expectFailures }) {
  await page.goto('/');
  await page.getByTestId('vsids').or(page.getByTestId('nodes')).first().waitFor();
  expectFailures(true);
  await page.context().setOffline(true);
  await page.route('**/api/v1/**', (route) => route.abort());
  await page.evaluate(() => window.dispatchEvent(new Event('offline')));
  await page.reload().catch(() => undefined);
  await page.context().setOffline(false);
  await page.reload();
  await page.getByTestId('offline').waitFor();
  await page.unroute('**/api/v1/**');
  await page.getByTestId('offline').waitFor({ state: 'detached' });
  expectFailures(false);
}

// A tenant logs in for the first time, makes a network in three steps, publishes a port, writes an access rule, and looks around.
import assert from 'node:assert/strict';
import { NEW_PASSWORD, roundOf, TENANT_PASSWORD } from './walkAdmin.mjs';

export async function tenantWalk(walker) {
  const { page } = walker;
  const { vsids: user } = roundOf(walker);
  await page.goto('/');
  await walker.login(user, TENANT_PASSWORD);
  await walker.heading('Change password').waitFor();
  await walker.fill(['Present password', TENANT_PASSWORD], ['New password, 12 characters or more', NEW_PASSWORD], ['New password once more', NEW_PASSWORD], 'Change password');
  await walker.heading('My networks').waitFor();
  assert.equal(await walker.link('Topology').count(), 0, 'tenants do not see the fabric');
  await walker.page.getByRole('heading', { name: 'Create your first network' }).waitFor();
  await walker.look('tenant-empty');
  await network(walker, user);
  await forward(walker, user);
  await rules(walker, user);
  await lookAround(walker);
  await walker.logout();
}

/** Without a mouse: a network in three steps, in the dark, and deleted again. */
export async function tenantByKeyboard(walker, user) {
  const { page } = walker;
  await page.goto('/my/networks/new');
  await walker.login(user, NEW_PASSWORD);
  await walker.fill(['Name', 'by-keys'], 'Next');
  await walker.fill(['Subnet', '192.168.9.0/24'], 'Next');
  await page.getByTestId('preview').getByText('by-keys').first().waitFor();
  await walker.press(walker.button('Create the network'));
  await walker.region('picture').getByText('192.168.9.0/24').waitFor();
  await walker.press(walker.region('my-network').getByRole('button', { name: 'Delete by-keys' }));
  await walker.press(page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }));
  await walker.region('my-network').first().waitFor();
  await walker.logout();
}

async function network(walker, user) {
  const { page } = walker;
  await walker.press(walker.link('Create a network').first());
  await walker.fill(['Name', `${user}-net`], 'Next');
  await page.getByRole('heading', { name: 'Step 2 of 3: Addresses' }).waitFor();
  await walker.look('tenant-step-2');
  // A subnet that cannot be leads back to its step.
  walker.browser.expectFailures(true);
  await walker.fill(['Subnet', '192.168.1.7/24'], 'Next');
  await page.locator('#network-prefix[aria-invalid=true]').waitFor();
  walker.browser.expectFailures(false);
  await walker.fill(['Subnet', '192.168.1.0/24'], ['DNS servers', '192.0.2.53'], 'Next');
  await page.getByTestId('preview').getByText(`${user}-net`).first().waitFor();
  await walker.look('tenant-step-3');
  await walker.press(walker.button('Create the network'));
  await walker.region('picture').getByText('192.168.1.0/24').waitFor();
  await walker.region('public').getByText('203.0.').first().waitFor();
}

export async function forward(walker, user) {
  const { page } = walker;
  const publish = async (name, port) => {
    await walker.press(walker.link('Publish a port'));
    await walker.fill(['Name', name], ['Protocol', 'TCP', 'choose'], ['External port', port], ['Internal address', '192.168.1.5'], ['Internal port', '8080'], 'Create port forward');
  };
  await publish(`${user}-web`, '80');
  await walker.region('forwards').getByText(`${user}-web`).waitFor();
  await walker.region('picture').getByText('TCP 80').waitFor();
  await publish(`${user}-tls`, '443');
  await walker.region('forwards').getByText(`${user}-tls`).waitFor();
  await walker.look('tenant-network');
  // The plan allows two.
  walker.browser.expectFailures(true);
  await publish(`${user}-more`, '8443');
  await walker.region('refused').or(page.locator('[aria-invalid=true]')).first().waitFor();
  await walker.look('tenant-quota');
  walker.browser.expectFailures(false);
  await walker.press(walker.link('Cancel'));
  // Deleted, and back by undo.
  await walker.press(walker.button(`Delete ${user}-tls`));
  await walker.press(page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }));
  await page.waitForFunction((name) => !document.querySelector('[data-testid=forwards]')?.textContent.includes(name), `${user}-tls`);
  await walker.press(walker.button('Undo').first());
  await walker.region('forwards').getByText(`${user}-tls`).waitFor();
}

export async function rules(walker, user) {
  await walker.press(walker.link('Add access rules'));
  await walker.fill(['Name', `${user}-only`], ['Default inbound action', 'Deny', 'choose'], 'Add to: Rules',
    ['Priority', '100'], ['Direction', 'In, to the VM', 'choose'], ['Action', 'Allow', 'choose'], ['Protocol', 'TCP']);
  await walker.look('tenant-acl');
  await walker.press(walker.button('Create port ACL'));
  await walker.region('acls').getByText(`${user}-only`).waitFor();
}

export async function lookAround(walker) {
  const { page } = walker;
  await walker.press(walker.link('Usage'));
  await walker.region('usage').locator('[data-quota=natRules]').getByText('2 of 2').first().waitFor();
  await walker.look('tenant-usage');
  await walker.press(walker.link('API tokens'));
  await walker.fill(['What it is for', 'backup'], 'Create token');
  await walker.region('new-token').waitFor();
  const secret = await walker.region('new-token').getByRole('textbox').inputValue();
  const answer = await page.request.get('/api/v1/vm-networks', { headers: { Authorization: `Bearer ${secret}`, Cookie: '' } });
  assert.equal((await answer.json()).total, 1, 'the token sees the one network of its tenant');
  await walker.look('tenant-tokens');
  await walker.press(walker.button('Revoke backup'));
  await walker.region('tokens').getByText('No token yet').waitFor();
  // No gateway process follows this manager: the pages that ask one say so, in words.
  walker.browser.expectFailures(true);
  for (const name of ['Sessions', 'Why is it dropped?', 'Packet sizes']) {
    await walker.press(walker.link(name));
    await page.getByText('is not connected').first().waitFor();
    await walker.look(`tenant-${name.toLowerCase().replaceAll(/\W+/g, '-')}`);
  }
  walker.browser.expectFailures(false);
  await walker.press(walker.link('My networks'));
  await walker.region('my-network').first().waitFor();
  await walker.look('tenant-networks');
}

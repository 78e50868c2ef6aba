// An administrator builds a fabric in the order of the guide, changes and undoes, and makes a user for a tenant.
import assert from 'node:assert/strict';

/** What differs between rounds: two fabrics in one manager must not share names or addresses. */
const ROUNDS = { mouse: { tag: 'm', net: 10, vsids: 'contoso' }, keyboard: { tag: 'k', net: 11, vsids: 'fabrikam' } };
export const TENANT_PASSWORD = 'a password of tenants';
export const NEW_PASSWORD = 'another password of theirs';

export const roundOf = (walker) => ROUNDS[walker.hands.name];

export async function adminWalk(walker, password) {
  const { page } = walker;
  const { tag, net, vsids } = roundOf(walker);
  await page.goto('/guide');
  await walker.login('admin', password);
  await walker.heading('Build the fabric').waitFor();
  await walker.look('guide-empty');

  await physicalNetworks(walker, tag, net);
  await machines(walker, tag);
  await offers(walker, tag, vsids);
  await vmWithNetwork(walker, tag);
  await tenantUser(walker, vsids);
  await walker.press(walker.link('Build the fabric'));
  await page.locator('[data-kind=subscriptions] .is-done').waitFor();
  await walker.look('guide-full');
  await walker.press(walker.link('Overview'));
  await walker.heading('Overview').waitFor();
  await walker.look('admin-overview');
  await adminPages(walker);
  await walker.logout();
}

async function start(walker, kind) {
  await walker.press(walker.link('Build the fabric'));
  await walker.heading('Build the fabric').waitFor();
  await walker.press(walker.link(`New ${kind}`));
}

async function physicalNetworks(walker, tag, net) {
  const { page } = walker;
  await start(walker, 'logical network');
  // A name that is missing: said at the field, nothing is lost.
  walker.browser.expectFailures(true);
  await walker.fill(['Name', ''], 'Create logical network');
  await page.locator('#field-name[aria-invalid=true]').waitFor();
  await walker.look('error-at-field');
  walker.browser.expectFailures(false);
  await walker.fill(['Name', `provider-${tag}`], ['Carries tenants (network virtualization)', 'Yes', 'choose'], 'What will change?');
  await page.getByTestId('preview').getByText(`provider-${tag}`).first().waitFor();
  await walker.look('preview');
  await walker.create('logical network', `provider-${tag}`);

  await walker.press(walker.link('Add a network site'));
  await walker.create('network site', `pa-site-${tag}`, ['Name', `pa-site-${tag}`], 'Add to: Subnets', ['Subnet', `10.${net}.10.0/24`]);
  await walker.press(walker.link('Add an IP pool'));
  await walker.create('IP pool', `pa-pool-${tag}`, ['Name', `pa-pool-${tag}`], ['Subnet', `10.${net}.10.0/24`], ['Range start', `10.${net}.10.10`], ['Range end', `10.${net}.10.99`]);

  await start(walker, 'logical network');
  await walker.create('logical network', `internet-${tag}`, ['Name', `internet-${tag}`]);
  await walker.press(walker.link('Add a network site'));
  await walker.create('network site', `ext-site-${tag}`, ['Name', `ext-site-${tag}`], 'Add to: Subnets', ['Subnet', `203.0.${net}.0/24`]);
  await walker.press(walker.link('Add an IP pool'));
  await walker.create('IP pool', `ext-pool-${tag}`, ['Name', `ext-pool-${tag}`], ['Subnet', `203.0.${net}.0/24`], ['Range start', `203.0.${net}.10`], ['Range end', `203.0.${net}.99`],
    'Add to: Default gateways', ['Default gateways 1', `203.0.${net}.1`]);
  await walker.look('object');

  // Changed, seen in the history, and undone.
  await walker.press(walker.link('Edit'));
  await walker.fill('More settings', ['Description', 'to be undone'], 'Save');
  await walker.region('history').getByText('to be undone').first().waitFor();
  await walker.press(walker.button('Undo').first());
  await walker.region('notice').getByText('Undone').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('[data-testid=properties]')?.textContent.includes('to be undone'));
}

async function machines(walker, tag) {
  await start(walker, 'MAC pool');
  const range = { m: ['02:00:0a:00:00:00', '02:00:0a:00:00:ff'], k: ['02:00:0b:00:00:00', '02:00:0b:00:00:ff'] }[tag];
  await walker.create('MAC pool', `macs-${tag}`, ['Name', `macs-${tag}`], ['Range start', range[0]], ['Range end', range[1]]);
  await start(walker, 'port profile');
  await walker.create('port profile', `profile-${tag}`, ['Name', `profile-${tag}`], ['Maximum (Mbit/s)', '1000']);
  await start(walker, 'port classification');
  await walker.create('port classification', `class-${tag}`, ['Name', `class-${tag}`]);
  await start(walker, 'uplink port profile');
  await walker.create('uplink port profile', `uplink-${tag}`, ['Name', `uplink-${tag}`], 'Add to: Network sites', ['Network sites 1', `pa-site-${tag}`, 'choose']);
  await start(walker, 'logical switch');
  await walker.create('logical switch', `switch-${tag}`, ['Name', `switch-${tag}`], 'Add to: Uplink port profiles', ['Uplink port profiles 1', `uplink-${tag}`, 'choose']);
  await start(walker, 'host group');
  await walker.create('host group', `rack-${tag}`, ['Name', `rack-${tag}`]);
  await start(walker, 'host');
  await walker.create('host', `host-${tag}`, ['Name', `host-${tag}`], ['Host type', 'Linux with Open vSwitch', 'choose'], ['PA pool', `pa-pool-${tag}`, 'choose'], ['Host group', `rack-${tag}`, 'choose']);
  await start(walker, 'gateway');
  await walker.create('gateway', `gw-${tag}`, ['Name', `gw-${tag}`], ['PA pool', `pa-pool-${tag}`, 'choose'], ['External pool', `ext-pool-${tag}`, 'choose']);
}

/** What a tenant's network and VM are made of, by the administrator's forms: each leads to the next. */
async function vmWithNetwork(walker, tag) {
  await start(walker, 'VM network');
  await walker.create('VM network', `own-${tag}`, ['Name', `own-${tag}`], ['Logical network', `provider-${tag}`, 'choose']);
  await walker.press(walker.link('Add a VM subnet'));
  await walker.create('VM subnet', `own-subnet-${tag}`, ['Name', `own-subnet-${tag}`], ['Subnet', '10.20.0.0/24']);
  await start(walker, 'gateway of a VM network');
  await walker.create('gateway of a VM network', `own-gw-${tag}`, ['Name', `own-gw-${tag}`], ['VM network', `own-${tag}`, 'choose'], ['Gateway', `gw-${tag}`, 'choose']);
  await start(walker, 'virtual machine');
  await walker.create('virtual machine', `vm-${tag}`, ['Name', `vm-${tag}`], ['Host', `host-${tag}`, 'choose'], 'Add to: Network adapters', ['VM subnet', `own-subnet-${tag}`, 'choose'], ['Address', '10.20.0.7']);
  await walker.look('vm');
  // Every list finds it by the server, and the picture has the way from the outside to it.
  await walker.press(walker.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Virtual machines' }));
  await walker.fill(['Part of a name or address: Virtual machines', '20.0.7'], 'Find');
  await walker.region('vms').getByText(`own-${tag}`).waitFor();
  await walker.look('admin-vms');
}

async function offers(walker, tag, tenant) {
  await start(walker, 'cloud');
  await walker.create('cloud', `cloud-${tag}`, ['Name', `cloud-${tag}`], 'Add to: Logical networks', ['Logical networks 1', `provider-${tag}`, 'choose']);
  await walker.press(walker.link('Add a plan'));
  await walker.create('plan', `bronze-${tag}`, ['Name', `bronze-${tag}`], ['VM networks', '3'], ['Port forwards', '2'], ['Access', 'Public', 'choose']);
  await walker.press(walker.link('Add a subscription'));
  await walker.create('subscription', `subscription-${tag}`, ['Name', `subscription-${tag}`], ['Owner', `admin@${tenant}.example`]);
}

async function tenantUser(walker, tenant) {
  await walker.press(walker.link('Users'));
  await walker.fill(['Name', tenant], ['Role', 'Tenant: owner', 'choose'], ['Tenant account', `admin@${tenant}.example`], ['First password', TENANT_PASSWORD], 'Create user');
  await walker.region('users').getByText(`admin@${tenant}.example`).waitFor();
  await walker.look('users');
}

/** Without a mouse: a form with an error at its field, a VM network and a VM, undone and deleted. */
export async function adminByKeyboard(walker, password) {
  const { page } = walker;
  await page.goto('/fabric/vm-networks/new');
  await walker.login('admin', password);
  await walker.create('VM network', 'keys', ['Name', 'keys'], ['Logical network', 'provider-m', 'choose']);
  await walker.press(walker.link('Add a VM subnet'));
  walker.browser.expectFailures(true);
  await walker.fill(['Name', 'keys-subnet'], ['Subnet', '10.30.0.7/24'], 'Create VM subnet');
  await page.locator('#field-prefix[aria-invalid=true]').waitFor();
  walker.browser.expectFailures(false);
  await walker.create('VM subnet', 'keys-subnet', ['Subnet', '10.30.0.0/24']);
  await page.goto('/fabric/vms/new');
  await walker.create('virtual machine', 'keys-vm', ['Name', 'keys-vm'], ['Host', 'host-m', 'choose'], 'Add to: Network adapters', ['VM subnet', 'keys-subnet', 'choose']);
  // The page asks for the object once more, which is gone then.
  walker.browser.expectFailures(true);
  await walker.press(walker.button('Undo').first());
  await walker.region('notice').getByText('Undone').first().waitFor();
  await walker.logout();
  walker.browser.expectFailures(false);
}

/** The pages that need no gateway process: what the walk did is there. */
async function adminPages(walker) {
  const pages = [
    ['Changes', 'revisions', 'subscription'], ['Audit', 'audit', 'login'], ['Settings', 'store', 'SQLite'], ['VM networks', 'vm-networks', '10.20.0.0/24'], ['Gateways', 'gateway', 'of its pools'], ['Convergence', 'convergence', 'gw-'],
  ];
  for (const [name, region, text] of pages) {
    await walker.press(walker.link(name));
    await walker.heading(name).waitFor();
    await walker.region(region).getByText(text).first().waitFor();
    await walker.look(`admin-${name.toLowerCase().replaceAll(' ', '-')}`);
  }
  await certificates(walker);
  await drain(walker);
  await picture(walker);
  assert.equal(await walker.link('My networks').count(), 0, 'the administrator has the face of administrators');
}

/** A new authority signs, asked first; a move without a cluster in the file is refused in words. */
async function certificates(walker) {
  const { page } = walker;
  await walker.press(walker.link('Settings'));
  await walker.region('certificates').getByText('Signs', { exact: true }).waitFor();
  await walker.press(walker.button('Exchange the authority'));
  await walker.press(page.getByRole('dialog').getByRole('button', { name: 'Exchange the authority' }));
  await walker.region('certificates').getByText('Trusted').waitFor();
  walker.browser.expectFailures(true);
  await walker.press(walker.button('Move to etcd'));
  await walker.region('move-refused').waitFor();
  walker.browser.expectFailures(false);
}

/** From the VM to the outside, by clicks. */
async function picture(walker) {
  const { page } = walker;
  await walker.press(walker.link('Topology'));
  for (const [box, says] of [['vm', '10.20.0.7'], ['host', '10.10.10.'], ['gateway', '203.0.10.'], ['physical', '203.0.10.0/24']]) {
    await page.getByTestId(`box-${box}`).first().click();
    await walker.region('details').getByText(says).first().waitFor();
  }
  await walker.look('admin-topology');
}

/** Out of use, what stays on it is said, and back. */
async function drain(walker) {
  const { page } = walker;
  const { tag } = roundOf(walker);
  await walker.press(walker.link('Gateways'));
  await walker.press(walker.button(`Drain gw-${tag}`));
  await page.getByRole('dialog').getByText(`own-${tag}`).waitFor();
  await walker.press(page.getByRole('dialog').getByRole('button', { name: 'Drain', exact: true }));
  await page.locator('[data-testid=drain][data-state=DRAINING]').waitFor();
  await walker.look('drain');
  await walker.press(walker.button(`Take into use again gw-${tag}`));
  await page.locator('[data-testid=drain][data-state=SERVING]').waitFor();
}

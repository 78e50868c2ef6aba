// Logging in, and what happens when a session is over.
import assert from 'node:assert/strict';
import { mouse } from './hands.mjs';

const PROVIDER = 'Log in with your organization';

/** A manager with auth.oidc says so, and the page offers it, also to whom the provider has just refused. */
async function providerLogin(walker) {
  const { page } = walker;
  const methods = '**/api/v1/login-methods';
  await page.route(methods, (route) => route.fulfill({ json: { password: true, oidc: true } }));
  await page.goto('/?login=failed');
  await page.getByText('did not let you in').waitFor();
  const link = page.getByRole('link', { name: PROVIDER });
  await link.waitFor();
  assert.equal(await link.getAttribute('href'), '/api/v1/oidc/login');
  await walker.look('login-provider');
  await page.unroute(methods);
}

export async function loginFails(bare, password) {
  const walker = bare.with(mouse(bare.page));
  walker.browser.expectFailures(true);
  await providerLogin(walker);
  await walker.page.goto('/vms');
  await walker.heading('Log in').waitFor();
  await walker.look('login');
  assert.equal(await walker.page.getByRole('link', { name: PROVIDER }).count(), 0, 'no provider, no way to it');
  await walker.login('admin', `not ${password}`);
  await walker.page.getByText('Not logged in').waitFor();
  assert.equal(await walker.label('Password').inputValue(), '', 'the wrong password is gone');
  await walker.look('login-wrong');
  assert.equal(await walker.page.getByRole('navigation').count(), 0, 'nothing to navigate to before login');
  walker.browser.expectFailures(false);
}

/** The cookie goes away, as it does when the session is over: the page asks for a login and comes back to where it was. */
export async function sessionEnds(bare, password) {
  const walker = bare.with(mouse(bare.page));
  const { page } = walker;
  await page.goto('/guide');
  walker.browser.expectFailures(true);
  await page.context().clearCookies();
  await page.getByTestId('session-ended').or(walker.heading('Log in')).first().waitFor();
  await walker.login('admin', password);
  await walker.heading('Build the fabric').waitFor();
  assert.match(page.url(), /\/guide$/, 'the page is where it was');
  walker.browser.expectFailures(false);
}

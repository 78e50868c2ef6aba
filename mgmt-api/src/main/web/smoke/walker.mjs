// What a walk is made of: forms by their labels, screenshots, accessibility of each page on the way.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assertAccessible } from './accessibility.mjs';

export class Walker {
  constructor(browser, shots, hands) {
    this.browser = browser;
    this.page = browser.page;
    this.shots = shots;
    this.hands = hands;
  }

  with(hands) {
    return new Walker(this.browser, this.shots, hands);
  }

  /** A picture of the page; only the first round leaves pictures and looks at accessibility. */
  async look(name) {
    if (this.hands?.name === 'keyboard') return;
    await this.shot(name);
    await assertAccessible(this.page, name);
  }

  async shot(name) {
    await mkdir(this.shots, { recursive: true });
    // Colours that are just changing would be taken for ones without contrast.
    await this.page.evaluate(() => Promise.all(document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime < 5_000).map((a) => a.finished.catch(() => undefined))));
    await this.page.screenshot({ path: join(this.shots, `walk-${name}.png`) });
  }

  button = (name) => this.page.getByRole('button', { name, exact: true });
  link = (name) => this.page.getByRole('link', { name, exact: true });
  /** By its label, which has a star if the field is required. */
  label = (name) => this.page.getByLabel(new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(\\s*\\*)?$`)).and(this.page.locator('input, select, textarea'));
  region = (id) => this.page.getByTestId(id);

  press = (target) => this.hands.press(target);
  type = (name, text) => this.hands.type(this.label(name), text);
  choose = async (name, option) => {
    // The options may still be on their way.
    await this.label(name).locator('option', { hasText: option }).first().waitFor({ state: 'attached' });
    await this.hands.choose(this.label(name), option);
  };

  async login(user, password) {
    await this.type('User', user);
    await this.type('Password', password);
    await this.press(this.button('Log in'));
  }

  async logout() {
    await this.press(this.button('Sign out'));
    await this.page.getByRole('heading', { name: 'Log in', level: 1 }).waitFor();
  }

  /** Fills a form; a field is [label, text] or [label, text, 'choose'], a string is a button to press. */
  async fill(...fields) {
    for (const field of fields) {
      if (typeof field === 'string') await this.press(this.button(field));
      else if (field[2] === 'choose') await this.choose(field[0], field[1]);
      else await this.type(field[0], field[1]);
    }
  }

  heading = (name) => this.page.getByRole('heading', { name, level: 1, exact: true });

  /** Makes an object by its form, from wherever `Create` of its kind is, and waits for its page. */
  async create(kind, name, ...fields) {
    await this.fill(...fields, `Create ${kind}`);
    await this.heading(name).waitFor();
  }
}

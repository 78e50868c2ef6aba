// The two ways in which people use a page: a mouse, or nothing but the keyboard.
import assert from 'node:assert/strict';

const TABS_MAX = 400;

export const mouse = (page) => ({
  name: 'mouse',
  press: (target) => target.click(),
  type: (target, text) => target.fill(text),
  choose: (target, label) => target.selectOption({ label }),
});

/** Reaches everything by Tab, as somebody without a mouse has to: what Tab does not reach is a failure. */
export const keyboard = (page) => {
  const focused = (target) => target.evaluate((element) => element === document.activeElement);
  const reach = async (target) => {
    await target.waitFor();
    for (let i = 0; i < TABS_MAX; i++) {
      if (await focused(target)) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`not reached by ${TABS_MAX} tabs: ${target}`);
  };
  return {
    name: 'keyboard',
    press: async (target) => {
      await reach(target);
      const native = await target.evaluate((element) => ({ box: element.type === 'checkbox' }));
      await page.keyboard.press(native.box ? 'Space' : 'Enter');
    },
    type: async (target, text) => {
      await reach(target);
      await page.keyboard.press('Control+a');
      if (text === '') await page.keyboard.press('Delete');
      else await page.keyboard.type(text);
    },
    choose: async (target, label) => {
      await reach(target);
      // Typing the beginning of an option chooses it, as in any list box.
      await page.keyboard.type(label);
      await target.evaluate((element, wanted) => {
        if (element.selectedOptions[0]?.label !== wanted) throw new Error(`chosen is ${element.selectedOptions[0]?.label}, not ${wanted}`);
      }, label);
    },
  };
};

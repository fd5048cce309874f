// One page of each type, in the windows and colours readers have.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { expectAll, expectNoAxeViolations, expectNoComplaints, expectNoSidewaysScroll, pagesOfEachType, screenshot, widths, withPage } from './site.js';

for (const file of await pagesOfEachType()) {
  describe(file, () => {
    for (const [window, width] of Object.entries(widths)) {
      for (const scheme of ['light', 'dark']) {
        test(`at a ${window}, ${scheme}: accessible, complete, not too wide`, () =>
          withPage(file, { width, scheme }, async (page) => {
            await screenshot(page, `${file}-${width}-${scheme}`);
            await expectAll(page, expectNoAxeViolations, expectNoSidewaysScroll, expectNoComplaints);
          }));
      }
    }

    test('says what it is, in one heading and in the title', () =>
      withPage(file, {}, async (page) => {
        assert.equal(await page.locator('h1').count(), 1);
        assert.notEqual((await page.locator('h1').innerText()).trim(), '');
        assert.notEqual((await page.title()).trim(), '');
        assert.match(await page.locator('html').getAttribute('lang'), /^(zh|en)/);
      }));

    test('in forced colours: still accessible', () =>
      withPage(file, { forcedColors: 'active' }, async (page) => {
        await expectNoAxeViolations(page, { disable: ['color-contrast'] });
      }));

    test('without JavaScript: the same text is there to read', async () => {
      // but for what only scripts can do: sort, filter, remember
      const read = (page) => page.evaluate(() => {
        for (const tool of document.querySelectorAll('.scripted, .since-late')) tool.remove();
        return document.querySelector('main').innerText;
      });
      const plain = await withPage(file, { javaScript: false }, read);
      const full = await withPage(file, {}, read);
      const words = (text) => new Set(text.split(/\s+/).filter((word) => word.length > 3));
      const missing = [...words(full)].filter((word) => !words(plain).has(word) && !plain.includes(word));
      assert.notEqual(plain.trim(), '');
      assert.deepEqual(missing, []);
    });

    test('with the keyboard: the first stop skips to the content, and every stop shows', () =>
      withPage(file, {}, async (page) => {
        await page.keyboard.press('Tab');
        const first = await page.evaluate(() => document.activeElement?.getAttribute('href'));
        assert.match(first ?? '', /^#/);
        for (let stop = 0; stop < 8; stop += 1) {
          const shown = await page.evaluate(() => {
            const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
            return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
          });
          const what = await page.evaluate(() => document.activeElement.outerHTML.slice(0, 120));
          assert.ok(shown, `no focus to be seen on ${what}`);
          await page.keyboard.press('Tab');
        }
      }));
  });
}

// One page of each type, in the windows, colours and spacings readers have. A
// page is opened once, and its window and colours changed: the scripts draw
// nothing for a width.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectFocusToShow, expectNoSidewaysScroll, expectReadableLayout, roomy, wear } from './layout.js';
import { asOf, expectAll, expectNoAxeViolations, expectNoComplaints, openPage, pagesOfEachType, screenshot, widths, withPage } from './site.js';

/** Of axe-core's rules those that colours can break. */
const ofColours = { only: ['color-contrast', 'link-in-text-block'] };
/** A window of 1280 × 900 at 200 % has this many CSS pixels, at 400 % as WCAG 1.4.10 has it 320 in width. */
const zoomed = { width: 640, height: 450 };
const narrowest = { width: 320, height: 640 };

for (const file of await pagesOfEachType({ second: true })) {
  test(`${file}: longer words, in their place`, () =>
    withPage(file, {}, async (page) => {
      await screenshot(page, `${file}-${widths.desk}-light`);
      for (const width of [widths.desk, 1024, narrowest.width]) {
        await page.setViewportSize({ width, height: 900 });
        await expectAll(page, expectNoSidewaysScroll, expectReadableLayout, expectNoComplaints);
      }
    }));
}

/** What definitions do not decide is looked at on one page of each template. */
const ofTemplates = new Set(await pagesOfEachType({ definitions: false }));

for (const file of await pagesOfEachType()) {
  describe(file, () => {
    const testTemplate = ofTemplates.has(file) ? test : () => {};
    let page;
    before(async () => { page = await openPage(file, {}); });
    after(() => page.context().close());
    const at = (width, height = 900) => page.setViewportSize({ width, height });

    test('at a desk: accessible, complete, in its place', async () => {
      await screenshot(page, `${file}-${widths.desk}-light`);
      await expectAll(page, expectNoAxeViolations, expectNoSidewaysScroll, expectReadableLayout, expectFocusToShow, expectNoComplaints);
      // a small window, between the layouts of a desk and of a phone
      await at(1024);
      await expectAll(page, expectNoSidewaysScroll, expectReadableLayout);
    });

    test('in the dark, at a desk and on a phone: accessible, complete, in its place', async () => {
      await page.emulateMedia({ colorScheme: 'dark' });
      await screenshot(page, `${file}-${widths.desk}-dark`);
      await expectNoAxeViolations(page, ofColours);
      await at(widths.phone);
      await screenshot(page, `${file}-${widths.phone}-dark`);
      await expectAll(page, expectNoAxeViolations, expectNoSidewaysScroll, expectReadableLayout, expectNoComplaints);
      await page.emulateMedia({ colorScheme: 'light' });
      await screenshot(page, `${file}-${widths.phone}-light`);
    });

    testTemplate('in forced colours: legible', async () => {
      await page.emulateMedia({ forcedColors: 'active' });
      await screenshot(page, `${file}-${widths.phone}-forced`);
      // axe reads colours as they were before they are forced, so that contrast is not for it to judge
      await expectNoAxeViolations(page, { disable: ['color-contrast'] });
      await page.emulateMedia({ forcedColors: 'none' });
    });

    test('at 200 % and at 400 %: all there, nothing cut, no sideways scroll', async () => {
      await page.setViewportSize(zoomed);
      await screenshot(page, `${file}-${zoomed.width}-light`);
      await expectAll(page, (one) => expectNoAxeViolations(one, { disable: ofColours.only }), expectNoSidewaysScroll, expectReadableLayout, expectFocusToShow);
      await page.setViewportSize(narrowest);
      await expectAll(page, expectNoSidewaysScroll, expectReadableLayout);
    });

    testTemplate('with more room between letters, words, lines and paragraphs: nothing cut', async () => {
      await wear(page, roomy);
      await expectAll(page, expectNoSidewaysScroll, expectReadableLayout);
      await at(widths.desk);
      await expectAll(page, expectNoSidewaysScroll, expectReadableLayout);
      await wear(page, '');
    });

    test('says what it is, and as of when', async () => {
      assert.equal(await page.locator('h1').count(), 1);
      assert.notEqual((await page.locator('h1').innerText()).trim(), '');
      assert.notEqual((await page.title()).trim(), '');
      assert.match(await page.locator('html').getAttribute('lang'), /^(zh|en)/);
      const foot = page.locator('footer[data-as-of]');
      assert.equal(Date.parse(await foot.getAttribute('data-as-of')), Date.parse(asOf));
      assert.match(await foot.innerText(), /2026-05-07[^]*09:00/);
    });

    testTemplate('without JavaScript: the same text is there to read, the same links to follow', async () => {
      // but for what only scripts can do: sort, filter, remember
      const read = (one) => one.evaluate(() => {
        for (const tool of document.querySelectorAll('.scripted, .since-late')) tool.remove();
        return { text: document.body.innerText, links: [...document.querySelectorAll('main a[href]')].map((link) => link.getAttribute('href')) };
      });
      const plain = await withPage(file, { javaScript: false }, async (one) => {
        assert.equal(await one.locator('.scripted').filter({ visible: true }).count(), 0, 'tools that do nothing');
        assert.equal(await one.locator('button').filter({ visible: true }).count(), await one.locator('form button').filter({ visible: true }).count(), 'buttons that do nothing');
        return read(one);
      });
      const full = await read(page);
      const words = (text) => new Set(text.split(/\s+/).filter((word) => word.length > 3));
      const missing = [...words(full.text)].filter((word) => !words(plain.text).has(word) && !plain.text.includes(word));
      assert.notEqual(plain.text.trim(), '');
      assert.deepEqual(missing, []);
      assert.deepEqual(full.links.filter((link) => !plain.links.includes(link)), []);
    });
  });
}

// All of it by keyboard alone: nothing is reached by a pointer or a shortcut of
// the test, only by the keys that a person presses.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pagesOfEachType, siteFiles, widths, withPage } from './site.js';

const pages = await pagesOfEachType();
const one = (pattern) => pages.find((page) => pattern.test(page));
const record = one(/^records\/XT/);
const register = one(/^registers\/collaboration/);
const person = one(/^people\//);

/** Presses Tab until the focus is on what the selector names. */
async function tabTo(page, selector, key = 'Tab') {
  for (let pressed = 0; pressed < 400; pressed += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press(key);
  }
  assert.fail(`the keyboard does not get to ${selector}`);
}
const active = (page, read = (element) => element.outerHTML.slice(0, 100)) => page.evaluate(`(${read})(document.activeElement)`);

describe('Tab goes through a page in the order of its text, to its end, and out', () => {
  for (const file of ['index.html', 'statistics.html', 'search.html', register, record, person, one(/^fill\//)]) {
    test(file, () =>
      withPage(file, {}, async (page) => {
        const stops = await page.evaluate(() => {
          const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
            .filter((stop) => stop.tabIndex >= 0 && !stop.disabled && stop.checkVisibility({ visibilityProperty: true }));
          globalThis.stops = all;
          return all.length;
        });
        assert.ok(stops > 20, `${stops} stops`);
        const passed = [];
        // fields of dates are several stops each
        for (let pressed = 0; pressed < stops * 6; pressed += 1) {
          await page.keyboard.press('Tab');
          const at = await page.evaluate(() => (document.activeElement === document.body ? -2 : globalThis.stops.indexOf(document.activeElement)));
          if (at === -2) break;
          // what scrolls may be a stop by itself
          if (at >= 0 && at !== passed.at(-1)) passed.push(at);
          if (at === stops - 1) break;
        }
        assert.deepEqual(passed, Array.from({ length: stops }, (_, index) => index));
      }));
  }
});

test('the first stop leads past the navigation', () =>
  withPage('index.html', {}, async (page) => {
    await page.keyboard.press('Tab');
    assert.ok(await page.locator('.skip').evaluate((link) => link.getBoundingClientRect().top >= 0), 'it shows');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await active(page, (element) => Boolean(element.closest('main'))));
  }));

test('a list is filtered, sorted, turned over and given other columns', () =>
  withPage('actions.html', {}, async (page) => {
    await tabTo(page, 'main input[name=q]');
    await page.keyboard.type('2025');
    await page.waitForURL(/q=2025/);
    await tabTo(page, 'select[name=state]');
    const before = await page.locator('[data-tally]').innerText();
    await page.keyboard.press('ArrowDown');
    await page.waitForURL(/state=/);
    await page.waitForFunction((was) => document.querySelector('[data-tally]').innerText !== was, before);
    await tabTo(page, '[data-reset]');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.search === '');
    await tabTo(page, 'summary');
    await page.keyboard.press('Enter');
    await tabTo(page, '.columns input[value=number], .columns input:not(:checked)');
    await page.keyboard.press('Space');
    await page.waitForURL(/columns=/);
    await page.keyboard.press('Escape');
    assert.equal(await active(page, (element) => element.tagName), 'SUMMARY');
    await tabTo(page, '.listed:not([hidden]) th[data-column=person] button, .listed:not([hidden]) th:nth-child(3) button');
    await page.keyboard.press('Enter');
    await page.waitForURL(/sort=/);
    await tabTo(page, '.pager button');
    await page.keyboard.press('Enter');
    await page.waitForURL(/page=2/);
    await tabTo(page, '.listed:not([hidden]) a.title');
    await page.keyboard.press('Enter');
    await page.waitForURL(/records\//);
  }));

test('on a phone a list is put in order, and the navigation opened and closed', () =>
  withPage(register, { width: widths.phone, height: 844 }, async (page) => {
    await tabTo(page, 'th[data-column=owner] button');
    await page.keyboard.press('Enter');
    await page.waitForURL(/sort=owner/);
    await tabTo(page, '.menu-open', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#nav$/);
    await page.keyboard.press('Tab');
    assert.ok(await active(page, (element) => Boolean(element.closest('.nav'))));
    await tabTo(page, '.menu-close', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.locator('.nav').waitFor({ state: 'hidden' });
  }));

test('what is folded is unfolded, and folded again', async () => {
  const files = (await siteFiles()).filter((file) => file.endsWith('.html'));
  for (const file of [record, 'statistics.html', one(/^registers\//)]) {
    assert.ok(files.includes(file));
    await withPage(file, {}, async (page) => {
      await tabTo(page, 'main details > summary');
      const open = () => active(page, (element) => element.parentElement.open);
      const before = await open();
      await page.keyboard.press('Enter');
      assert.equal(await open(), !before);
      await page.keyboard.press('Space');
      assert.equal(await open(), before);
    });
  }
});

test('the help takes the focus, keeps it, and gives it back', () =>
  withPage('index.html', {}, async (page) => {
    await tabTo(page, '.brand');
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
    for (let pressed = 0; pressed < 6; pressed += 1) {
      assert.ok(await active(page, (element) => element === document.body || Boolean(element.closest('dialog'))));
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'hidden' });
    assert.ok(await active(page, (element) => element.matches('.brand')));
  }));

test('rows are walked through and opened', () =>
  withPage('index.html', {}, async (page) => {
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    const first = await page.locator('[data-rows] .title').first().getAttribute('href');
    assert.equal(await active(page, (element) => element.getAttribute('href')), first);
    await page.keyboard.press('Enter');
    await page.waitForURL(/records\//);
  }));

test('a form is filled in, told what it lacks, and taken away', () =>
  withPage('fill/collaboration.html', {}, async (page) => {
    const file = () => page.locator('#fill-file').inputValue();
    await page.locator('#fill-file').waitFor();
    await tabTo(page, '#f-title');
    await page.keyboard.type('样机－试产－确定装配节拍');
    await page.keyboard.press('Tab');
    await page.waitForFunction(() => /^title = "样机－试产－确定装配节拍"$/m.test(document.getElementById('fill-file').value));
    await tabTo(page, '#s-actions summary');
    await page.keyboard.press('Enter');
    await tabTo(page, '#s-actions .cards > button');
    await page.keyboard.press('Enter');
    assert.ok(await active(page, (element) => Boolean(element.closest('#s-actions .card'))), 'the new row has the focus');
    await tabTo(page, '#f-actions-0-task');
    await page.keyboard.type('测节拍');
    await page.keyboard.press('Tab');
    await page.waitForFunction(() => document.getElementById('fill-file').value.includes('测节拍'));
    await tabTo(page, '#f-state', 'Shift+Tab');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, '#fill button[type=submit]');
    await page.keyboard.press('Enter');
    await page.locator('.fault-summary').waitFor();
    assert.ok(await active(page, (element) => element.matches('.fault-summary')));
    await tabTo(page, '.fault-summary a');
    await page.keyboard.press('Enter');
    assert.ok(await active(page, (element) => element.matches('input, select, textarea')), 'it leads to the field at fault');
    assert.match(await file(), /^kind = "collaboration"$/m);
  }));

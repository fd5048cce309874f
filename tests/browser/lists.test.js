// Long lists: sorted and filtered as a whole, kept in the address, by keyboard.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { expectNoSidewaysScroll } from './layout.js';
import { expectAll, expectNoAxeViolations, expectNoComplaints, screenshot, site, siteFiles, widths, withPage } from './site.js';

const files = await siteFiles();
/** The longest register, so that it has something to sort. */
const register = await longestRegister();

async function longestRegister() {
  const sizes = [];
  for (const file of files.filter((name) => /^registers\/[^/]+\.html$/.test(name))) {
    const html = await readFile(path.join(site, file), 'utf8');
    sizes.push([html.split('class="title"').length, file]);
  }
  return sizes.sort((a, b) => b[0] - a[0])[0][1];
}

const rows = (page) => page.locator('.listed:not([hidden]) tbody tr:not(.group)');
const titles = async (page) => page.locator('.listed:not([hidden]) .title').allInnerTexts();
const tally = async (page) => (await page.locator('[data-tally]').innerText()).match(/\d+/g).map(Number);
const column = async (page, id) => {
  const index = await page.locator('.listed:not([hidden]) thead').first().evaluate(
    (head, wanted) => [...head.querySelectorAll('th')].findIndex((th) => th.dataset.column === wanted), id);
  assert.notEqual(index, -1, `no column ${id}`);
  return rows(page).evaluateAll((all, at) => all.map((row) => row.cells[at].textContent.trim()), index);
};
const settled = (page) => page.waitForFunction(() => !document.documentElement.dataset.waiting);
const head = (page, id) => page.locator(`.listed:not([hidden]) th[data-column="${id}"] button`).first();

describe('without JavaScript', () => {
  test('a list is there to read, without tools that do nothing', () =>
    withPage(register, { javaScript: false }, async (page) => {
      assert.ok((await titles(page)).length > 1);
      assert.equal(await page.locator('.tools').isVisible(), false);
      assert.equal(await page.locator('button:visible').count(), 0);
    }));
});

describe('sorting', () => {
  test('names of people in the order of pinyin, over all groups, and back with the back button', () =>
    withPage(register, {}, async (page) => {
      const before = await titles(page);
      await head(page, 'owner').click();
      await page.waitForURL(/sort=owner/);
      const names = await column(page, 'owner');
      const collator = new Intl.Collator('zh-CN-u-co-pinyin');
      assert.deepEqual(names, [...names].sort(collator.compare));
      assert.equal(names.length, before.length);
      assert.equal(await page.locator('th[data-column="owner"]:visible').getAttribute('aria-sort'), 'ascending');
      // the focus stays on the head that was pressed
      assert.equal(await page.evaluate(() => document.activeElement.closest('th')?.dataset.column), 'owner');
      await page.keyboard.press('Enter');
      await page.waitForURL(/sort=-owner/);
      assert.deepEqual(await column(page, 'owner'), [...names].sort((a, b) => collator.compare(b, a)));
      await page.goBack();
      await page.goBack();
      await page.waitForFunction(() => !document.getElementById('listed').hidden);
      assert.deepEqual(await titles(page), before);
    }));

  test('dates by time, what has none last in both directions', () =>
    withPage(`${register}?sort=due`, {}, async (page) => {
      await settled(page);
      const up = (await column(page, 'due')).map((text) => text.slice(0, 10));
      const dated = up.filter(Boolean);
      assert.ok(dated.length > 1);
      assert.deepEqual(up.slice(0, dated.length), [...dated].sort());
      await head(page, 'due').click();
      await page.waitForURL(/sort=-due/);
      const down = (await column(page, 'due')).map((text) => text.slice(0, 10));
      assert.deepEqual(down.slice(0, dated.length), [...dated].sort().reverse());
      assert.ok(down.slice(dated.length).every((text) => text === ''));
    }));
});

describe('filtering', () => {
  test('by state: only those, counted aloud, in the address, cleared at once', () =>
    withPage(register, {}, async (page) => {
      const [total] = await tally(page);
      const select = page.locator('select[name=state]');
      const states = await column(page, 'state');
      const wanted = states[0];
      await select.selectOption({ label: wanted });
      await page.waitForURL(/state=/);
      await page.waitForFunction(() => document.getElementById('listed').hidden);
      assert.ok((await column(page, 'state')).every((state) => state === wanted));
      const [count, of] = await tally(page);
      assert.equal(of, total);
      assert.equal(count, await rows(page).count());
      assert.equal(await page.locator('[data-tally]').getAttribute('role'), 'status');
      await page.locator('[data-reset]').click();
      await page.waitForFunction(() => !document.getElementById('listed').hidden);
      assert.equal(new URL(page.url()).search, '');
    }));

  test('an address with a filter opens filtered, over all pages of the list', () =>
    withPage('actions.html', {}, async (page) => {
      const [total] = await tally(page);
      const shown = await page.locator('#listed .title').count();
      assert.ok(total > shown, 'the list has more than one page');
      await page.locator('main [name=q]').fill('2025');
      await page.waitForURL(/q=2025/);
      const here = page.url();
      await page.waitForFunction(() => document.getElementById('listed').hidden);
      const [found] = await tally(page);
      const numbers = await column(page, 'number');
      assert.ok(found > 0 && numbers.length > 0);
      // what is done stands at the end of the list, far from its first page
      await withPage(`actions.html${new URL(here).search}`, {}, async (other) => {
        await settled(other);
        assert.equal((await tally(other))[0], found);
        assert.equal(await other.locator('main [name=q]').inputValue(), '2025');
      });
    }));

  test('by department and late only', () =>
    withPage('deadlines.html', {}, async (page) => {
      await page.locator('[name=late]').check();
      await page.waitForFunction(() => document.getElementById('listed').hidden);
      const [late] = await tally(page);
      const select = page.locator('select[name=department]');
      const department = await select.locator('option').nth(1).getAttribute('value');
      await select.selectOption(department);
      await page.waitForURL(new RegExp(`department=${department}`));
      await page.waitForFunction((before) => !document.querySelector('[data-tally]').textContent.startsWith(String(before)), late);
      const tones = await rows(page).evaluateAll((all) => all.map((row) => row.querySelector('[data-tone]').dataset.tone));
      assert.ok(tones.every((tone) => ['overdue', 'escalated'].includes(tone)));
      assert.ok((await tally(page))[0] < late);
    }));

  test('a group that is jumped to is there, filtered or not', () =>
    withPage(`${register}?late=1`, {}, async (page) => {
      await settled(page);
      const jump = page.locator('.head .jump a[href^="#"]').last();
      const group = (await jump.getAttribute('href')).slice(1);
      await jump.click();
      await page.waitForFunction((id) => document.getElementById(id).getBoundingClientRect().top < innerHeight, group);
      assert.equal(await page.locator('#listed').isVisible(), true);
    }));

  test('nothing fits: it says so', () =>
    withPage(`${register}?q=${encodeURIComponent('绝无此词')}`, {}, async (page) => {
      await settled(page);
      assert.equal((await tally(page))[0], 0);
      assert.ok(await page.locator('.listed .empty').isVisible());
    }));
});

describe('columns', () => {
  test('of the form can be chosen; they are kept for the next visit and in the address', () =>
    withPage(register, {}, async (page) => {
      await page.locator('.columns summary').click();
      const boxes = page.locator('.columns fieldset').nth(1).locator('input');
      const id = await boxes.first().getAttribute('value');
      await boxes.first().check();
      await page.waitForURL(/columns=/);
      await page.locator(`.listed:not([hidden]) th[data-column="${id}"]`).waitFor();
      await page.goto(page.url().split('?')[0]);
      await page.locator(`.listed:not([hidden]) th[data-column="${id}"]`).waitFor();
      await page.locator('[data-reset]').click();
      await page.waitForFunction(() => !document.getElementById('listed').hidden);
      assert.equal(await page.locator(`.listed:not([hidden]) th[data-column="${id}"]`).count(), 0);
    }));
});

test('rows drawn from data say what the rows of the page say', () =>
  withPage(register, {}, async (page) => {
    const cells = () => rows(page).evaluateAll((all) => all.map((row) =>
      [...row.cells].map((cell) => `${cell.className}|${cell.textContent.replace(/\s+/g, ' ').trim()}|${[...cell.querySelectorAll('a, time')].map((one) => one.getAttribute('href') ?? one.dateTime)}`)));
    const made = await cells();
    const year = page.locator('select[name=year]');
    await head(page, 'number').click();
    await page.waitForURL(/sort=number/);
    const drawn = await cells();
    assert.deepEqual(drawn.sort(), made.sort());
    assert.ok((await year.locator('option').count()) > 1);
  }));

describe('keys', () => {
  test('/ goes to the filter, j and k through rows, Enter opens, ? tells', () =>
    withPage('deadlines.html', {}, async (page) => {
      await page.keyboard.press('/');
      assert.equal(await page.evaluate(() => document.activeElement.type), 'search');
      await page.keyboard.type('j');
      assert.equal(await page.evaluate(() => document.activeElement.type), 'search', 'a letter in a box is a letter');
      await page.goto(page.url().split('?')[0]);
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      const first = page.locator('#listed .title').first();
      assert.ok(await first.evaluate((link) => link === document.activeElement));
      await page.keyboard.press('?');
      const dialog = page.locator('dialog.keys');
      assert.ok(await dialog.isVisible());
      await expectNoAxeViolations(page);
      await screenshot(page, 'keys', { fullPage: false });
      await page.keyboard.press('Escape');
      await first.focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/records\//);
    }));

  test('single keys can be turned off, and stay off', () =>
    withPage('deadlines.html', {}, async (page) => {
      await page.locator('button[data-keys]').click();
      await page.locator('dialog.keys input').check();
      await page.locator('dialog.keys button').click();
      await page.reload();
      await page.evaluate(() => document.activeElement.blur());
      await page.keyboard.press('j');
      assert.equal(await page.evaluate(() => document.activeElement.tagName), 'BODY');
    }));
});

describe('the bar', () => {
  test('colours are chosen, kept, and there before the first paint', () =>
    withPage('index.html', { scheme: 'light' }, async (page) => {
      const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await paper();
      await page.locator('button.scheme').click();
      await page.locator('button.scheme').click();
      const dark = await paper();
      assert.notEqual(dark, light);
      await page.goto(page.url().replace('index.html', 'actions.html'));
      assert.equal(await paper(), dark);
      await expectNoAxeViolations(page);
      await page.locator('button.scheme').click();
      assert.equal(await paper(), light);
    }));

  test('“this is me” makes my page one click away from everywhere', () => {
    const own = files.find((file) => file.startsWith('people/'));
    return withPage(own, {}, async (page) => {
      await page.locator('[data-me]').click();
      assert.equal(await page.locator('[data-me]').getAttribute('aria-pressed'), 'true');
      await page.goto(page.url().replace(own, register));
      await page.locator('a.me').click();
      await page.waitForURL(new RegExp(own.replaceAll('.', '\\.')));
      await page.locator('[data-me]').click();
      await page.locator('a.me').click();
      await page.waitForURL(/organisation\.html/);
    });
  });
});

for (const width of Object.values(widths)) {
  for (const scheme of ['light', 'dark']) {
    test(`sorted, filtered and with more columns at ${width}, ${scheme}: accessible, not too wide`, () =>
      withPage(`${register}?sort=-due&columns=number,title,department,owner,due,state,priority,step,opened,closed`, { width, scheme }, async (page) => {
        await settled(page);
        await page.locator('.columns summary').click();
        await screenshot(page, `list-${width}-${scheme}`);
        await expectAll(page, expectNoAxeViolations, expectNoSidewaysScroll, expectNoComplaints);
      }));
  }
}

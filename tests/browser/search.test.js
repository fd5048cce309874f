// The search finds what stands on the pages: all of it, nothing else, and the
// newest first. What is right is told by a plain search through the texts.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import vm from 'node:vm';
import { after, before, describe, test } from 'node:test';
import { expectNoSidewaysScroll } from './layout.js';
import { expectAll, expectNoAxeViolations, expectNoComplaints, openPage, screenshot, site, siteFiles, widths, withPage } from './site.js';

const plain = (text) => text.normalize('NFKC').toLowerCase();
/** Blanks count between words only: beside a Chinese character there may be one or none. */
const folded = (text) => plain(text).replace(/\s+/g, ' ').replace(/ (?![a-z0-9])|(?<![a-z0-9]) /g, '');

/** Every document of the index, by the address of its page: number, title and lines, folded. */
const documents = new Map();
let page;

before(async () => {
  const files = (await siteFiles()).filter((file) => file.startsWith('search/'));
  const content = new Map();
  const context = vm.createContext({ taizhang: { take: (name, value) => content.set(name, value) } });
  for (const file of files) vm.runInContext(await readFile(path.join(site, file), 'utf8'), context);
  assert.equal(content.size, files.length, 'every file hands something over, under a name of its own');
  for (const [name, value] of content) {
    if (!/\/t\d+$/.test(name)) continue;
    for (const [number, title, address, , , , , lines] of value[1]) {
      documents.set(address, [number, title, ...lines.filter((_, index) => index % 2)].map(folded));
    }
  }
  page = await openPage('search.html');
});
after(() => page.context().close());

const truth = (query) => {
  const parts = query.trim().split(/\s+/).map(folded);
  return [...documents].filter(([, lines]) => parts.every((part) => lines.some((line) => line.includes(part)))).map(([address]) => address);
};

/** Asks in the page; the addresses of all results in their order. */
async function ask(query, on = page) {
  await on.fill('#q', query);
  await on.press('#q', 'Enter');
  const more = on.locator('.search-more');
  await on.locator('.found:not([aria-busy])').waitFor({ state: 'attached' });
  while (await more.isVisible()) {
    const count = await on.locator('.found > li').count();
    await more.click();
    await on.locator(`.found > li:nth-child(${count + 1})`).waitFor();
  }
  return on.locator('.found .title').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
}

/** Numbers that look random and are the same everywhere. */
function numbers(seed) {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

/** Queries of a class, taken from the texts. */
function samples(seed, count, take) {
  const below = numbers(seed);
  const lines = [...documents.values()].flat();
  const found = new Set();
  for (let tries = 0; found.size < count && tries < 20_000; tries += 1) {
    const query = take(lines[below(lines.length)], below);
    if (query) found.add(query);
  }
  assert.equal(found.size, count);
  return [...found];
}
const piece = (length) => (text, below) => {
  if (text.length < length) return null;
  const query = text.slice(below(text.length - length + 1)).slice(0, length);
  // a query is cut at blanks, and half a character cannot be typed
  return /[ \ud800-\udfff]/.test(query) ? null : query;
};
const oneOf = (pattern, take = (found) => found) => (text, below) => {
  const all = text.match(pattern);
  return all && take(all[below(all.length)], below);
};
const part = (found, below) => {
  const length = 2 + below(Math.max(1, found.length - 2));
  return piece(Math.min(length, found.length - 1))(found, below);
};
const number = /[a-z]{2}-\d{4}-\d{4}/g;
const word = /[a-z]{4,}/g;
const classes = {
  'one character': piece(1),
  'two characters': piece(2),
  'three characters': piece(3),
  'four characters': piece(4),
  'six characters': piece(6),
  'names': (text) => (/^[\u4e00-\u9fff]{2,4}$/.test(text) ? text : null),
  'numbers of records': oneOf(number),
  'parts of numbers of records': oneOf(number, part),
  'words': oneOf(word),
  'parts of words': oneOf(word, part),
  'two pieces': (text, below) => {
    const [one, other] = [piece(2)(text, below), piece(3)(text, below)];
    return one && other && `${one} ${other}`;
  },
};

describe('what a plain search through the texts finds, and only that', () => {
  for (const [index, [name, take]] of Object.entries(classes).entries()) {
    test(name, async () => {
      const faults = [];
      for (const query of samples(index + 1, 12, take)) {
        const found = await ask(query);
        const right = truth(query);
        assert.ok(right.length > 0, query);
        const lost = right.filter((address) => !found.includes(address));
        const wrong = found.filter((address) => !right.includes(address));
        if (lost.length || wrong.length || new Set(found).size !== found.length) faults.push({ query, lost, wrong });
      }
      assert.deepEqual(faults, []);
    });
  }
});

test('what a record shows is what it is found by', async () => {
  const pages = (await siteFiles()).filter((file) => /^records\/.*\.html$/.test(file));
  const faults = [];
  for (const file of pages.filter((_, index) => index % 12 === 0)) {
    const values = await withPage(file, { javaScript: false }, (record) =>
      record.locator('h1, .fields dd .prose p, .fields dd > a, .facts dd a').allInnerTexts(),
    );
    for (const value of values.map((text) => folded(text)).filter(Boolean)) {
      const lines = documents.get(file) ?? [];
      if (!lines.some((line) => line.includes(value))) faults.push(`${file}: ${value}`);
    }
  }
  assert.deepEqual(faults, []);
});

test('the number itself comes first, then titles, then the newest', async () => {
  const files = (await siteFiles()).filter((file) => /^records\/.*\.html$/.test(file));
  const address = files[Math.floor(files.length / 2)];
  const [asked] = documents.get(address);
  assert.equal((await ask(asked))[0], address);

  const query = '评审';
  const found = await ask(query);
  const inTitle = found.map((one) => documents.get(one).slice(0, 2).some((line) => line.includes(query)));
  assert.ok(inTitle.includes(true) && inTitle.includes(false));
  assert.equal(inTitle.lastIndexOf(true) + 1, inTitle.indexOf(false), 'titles stand before the rest');
  const years = found.filter((one, index) => !inTitle[index] && /-\d{4}-/.test(one)).map((one) => Number(one.match(/-(\d{4})-/)[1]));
  assert.deepEqual(years, [...years].sort((a, b) => b - a));
});

test('the passage shows the match, marked, and text stays text', async () => {
  await ask('Ｓ3 ＰＲＯ');
  const marks = await page.locator('.found mark').allInnerTexts();
  assert.ok(marks.length > 0 && marks.every((mark) => ['s3', 'pro'].includes(plain(mark))), marks.join());
  await ask('<b>&"');
  assert.equal(await page.locator('.found > li').count(), 0);
});

test('filters narrow, the address keeps them, and back brings the last question', () =>
  withPage('search.html', {}, async (own) => {
    const all = await ask('方案', own);
    await own.selectOption('[name=year]', '2025');
    await own.locator('.found:not([aria-busy])').waitFor({ state: 'attached' });
    await own.waitForFunction((count) => document.querySelector('.search-status').textContent !== count, `找到 ${all.length} 项`);
    const narrowed = await own.locator('.found .title').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    assert.ok(narrowed.length > 0 && narrowed.length < all.length && narrowed.every((one) => /-2025-/.test(one)), narrowed.join());
    assert.match(own.url(), /q=.*&year=2025/);
    const url = own.url();
    await own.goBack();
    await own.waitForFunction((count) => document.querySelector('.search-status').textContent === count, `找到 ${all.length} 项`);
    assert.equal(await own.inputValue('[name=year]'), '');
    await own.goto(url);
    await own.waitForFunction(() => document.querySelector('.found .title'));
    assert.equal(await own.locator('.found .title').count(), Math.min(20, narrowed.length));
  }));

test('a slash on any page, a question, and Enter lead to the answer; arrows walk through it', () =>
  withPage('index.html', {}, async (own) => {
    await own.keyboard.press('/');
    await own.keyboard.type('纪要');
    await own.keyboard.press('Enter');
    await own.waitForURL(/search\.html\?q=/);
    await own.locator('.found .title').first().waitFor();
    await own.locator('#q').focus();
    await own.keyboard.press('ArrowDown');
    await own.keyboard.press('ArrowDown');
    assert.equal(await own.evaluate(() => [...document.querySelectorAll('.found .title')].indexOf(document.activeElement)), 1);
    await own.keyboard.press('Enter');
    await own.waitForURL(/records|pages/);
  }));

test('while pinyin is being composed nothing is asked', () =>
  withPage('search.html', {}, async (own) => {
    const field = own.locator('#q');
    await field.dispatchEvent('compositionstart');
    await field.fill('hui yi');
    await own.waitForTimeout(400);
    assert.equal(await own.locator('.search-status').innerText(), '');
    await field.fill('会议');
    await field.dispatchEvent('compositionend');
    await own.locator('.found .title').first().waitFor();
  }));

test('a file that cannot be read is said, and asked for again', () =>
  withPage('search.html', {}, async (own) => {
    await own.evaluate(() => {
      const { head } = document;
      head.append = (script) => {
        script.src = script.src.replace(/(search\/2025-0-[^/]*\/)d/, '$1missing');
        Element.prototype.append.call(head, script);
      };
    });
    await ask('评审', own);
    assert.ok(await own.locator('.search-retry').isVisible());
    assert.match(await own.locator('.search-status').innerText(), /不全/);
    await own.evaluate(() => delete document.head.append);
    await own.locator('.search-retry').click();
    await own.locator('.search-retry').waitFor({ state: 'hidden' });
    assert.doesNotMatch(await own.locator('.search-status').innerText(), /不全/);
  }));

for (const [window, width] of Object.entries(widths)) {
  for (const scheme of ['light', 'dark']) {
    test(`answers at a ${window}, ${scheme}: accessible, not too wide`, () =>
      withPage('search.html', { width, scheme }, async (own) => {
        await ask('成本 S3', own);
        await screenshot(own, `search-answers-${width}-${scheme}`);
        await expectAll(own, expectNoAxeViolations, expectNoSidewaysScroll, expectNoComplaints);
      }));
  }
}

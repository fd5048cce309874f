// The same page in the other language, from wherever one is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectNoComplaints, siteFiles, widths, withPage } from './site.js';

const here = (page) => page.evaluate(() => {
  const [, place] = location.pathname.match(/\/((?:en\/)?(?:[^/]+\/)?[^/]+\.html)$/);
  return { place: decodeURIComponent(place), query: location.search, lang: document.documentElement.lang };
});

/** Opens the page and follows its switch; where that leads. */
async function switched(file, options, follow) {
  return withPage(file, options, async (page) => {
    await follow(page);
    await page.waitForLoadState();
    await page.waitForFunction(() => document.readyState === 'complete');
    expectNoComplaints(page);
    return here(page);
  });
}

test('the switch leads to the same page and keeps what is chosen', async () => {
  const bar = (page) => page.locator('.bar-tools a.language').click();
  const there = await switched('registers/collaboration.html?state=executing', {}, bar);
  assert.deepEqual(there, { place: 'en/registers/collaboration.html', query: '?state=executing', lang: 'en' });
  const back = await switched('en/registers/collaboration.html?state=executing', {}, bar);
  assert.deepEqual(back, { place: 'registers/collaboration.html', query: '?state=executing', lang: 'zh-CN' });
});

test('without JavaScript, too', async () => {
  const there = await switched('records/XT-2026-0012.html', { javaScript: false }, (page) => page.locator('.bar-tools a.language').click());
  assert.equal(there.place, 'en/records/XT-2026-0012.html');
});

test('on a phone it stands in the menu', async () => {
  const menu = async (page) => {
    assert.equal(await page.locator('.bar-tools a.language').isVisible(), false);
    await page.locator('.menu-open').click();
    await page.locator('.nav .language a').click();
  };
  const there = await switched('people/li-na.html', { width: widths.phone }, menu);
  assert.deepEqual(there, { place: 'en/people/li-na.html', query: '', lang: 'en' });
});

test('lists and search work in the other language', async () => {
  await withPage('en/registers/collaboration.html?q=%E6%89%8B%E8%A1%A8', {}, async (page) => {
    await page.waitForFunction(() => document.querySelectorAll('[data-rows] tr, .sheet tbody tr').length > 0);
    expectNoComplaints(page);
  });
  await withPage('en/search.html?q=XT-2026-0012', {}, async (page) => {
    const first = page.locator('.found > li').first();
    await first.waitFor();
    assert.match(await first.innerText(), /XT-2026-0012/);
    assert.match(await first.locator('a').first().getAttribute('href'), /^records\/XT-2026-0012\.html/);
    expectNoComplaints(page);
  });
});

test('no file stands twice that says nothing in a language', async () => {
  const files = await siteFiles();
  const twice = files.filter((file) => /^en\/(assets|forms)\//.test(file) || /^en\/fill\/record-/.test(file));
  assert.deepEqual(twice, []);
  assert.ok(files.includes('assets/style.css') && files.some((file) => file.startsWith('fill/record-')));
});

// `taizhang serve` in a browser: pages follow the files, what is wrong stands
// over them until it is mended, and a broken file takes no page away.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { after, before, describe, test } from 'node:test';

// no site has to be built for these
process.env.TAIZHANG_SITE ??= import.meta.dirname;
const { asOf, expectNoAxeViolations, repository, screenshot, widths, withPage } = await import('./site.js');

const program = process.env.TAIZHANG ?? path.join(repository, 'target/debug/taizhang');
const record = 'records/2026/HY-2026-0001.toml';
const address = 'records/HY-2026-0001.html';
let root;
let server;
let origin;

const at = (file) => path.join(root, file);
const write = async (file, text) => {
  await mkdir(path.dirname(at(file)), { recursive: true });
  await writeFile(at(file), text);
};
const read = (file) => readFile(at(file), 'utf8');
const panel = (page) => page.locator('.taizhang-findings');
/** Waits until nothing is wrong any more, and the page does not say so either. */
const mended = (page) => page.waitForFunction(async () => {
  const told = await (await fetch('/__taizhang/findings.json')).json();
  return told.checked && told.errors === 0 && !document.querySelector('.taizhang-findings .error');
});
const shows = (page, text) => page.locator('h1', { hasText: text }).waitFor();
const withServed = (file, options, use) => withPage(file, { from: origin.replace(/\/$/, ''), ...options }, use);

before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'taizhang-serve-'));
  for (const part of ['taizhang.toml', 'records', 'site']) await cp(path.join(repository, part), at(part), { recursive: true });
  server = spawn(program, ['--root', root, '--as-of', asOf, 'serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(readline.createInterface({ input: server.stdout }), 'line');
  origin = line.trim();
});
after(async () => {
  server?.kill();
  await rm(root, { recursive: true, force: true });
});

const sound = () => readFile(path.join(repository, record), 'utf8');
const title = async () => /^title = "(.*)"$/m.exec(await sound())[1];
/** Nobody of that number is in the company: an error the rules of reading find. */
const wrong = async () => (await sound()).replace(/^related = .*$/m, 'related = ["HY-2026-9999"]');

test('a change is shown without anybody asking for it', async () => {
  await withServed(address, {}, async (page) => {
    await shows(page, await title());
    await write(record, (await sound()).replace(await title(), '研发部－评审－后来的题目'));
    await shows(page, '后来的题目');
    await write(record, await sound());
    await shows(page, await title());
    assert.deepEqual(page.complaints, []);
  });
});

test('findings stand over the page and go when they are mended', async () => {
  await withServed(address, {}, async (page) => {
    await shows(page, await title());
    await mended(page);
    await write(record, await wrong());
    await panel(page).getByText('HY-2026-9999').waitFor();
    assert.match(await panel(page).innerText(), /HY-2026-0001\.toml:\d+:\d+/);
    await write(record, await sound());
    await mended(page);
    await panel(page).getByText('HY-2026-9999').waitFor({ state: 'detached' });
    assert.deepEqual(page.complaints, []);
  });
});

describe('a broken file leaves the page as it was, and says so', () => {
  const broken = {
    'a record': [record, async () => (await sound()).replace(/^title = .*$/m, 'title = = "')],
    'a record without its number': [record, async () => 'id = "HY-2026-\n'],
    'the settings': ['taizhang.toml', async () => `${await read('taizhang.toml')}\n[paper\n`],
    'people': ['records/organisation/people.toml', async () => `= ${await read('records/organisation/people.toml')}`],
    'a kind': ['templates/kinds/meeting/kind.toml', async () => '[[sections]\n'],
    'a template of pages': ['templates/site/record.html', async () => '{% if %}'],
  };
  for (const [name, [file, text]] of Object.entries(broken)) {
    test(name, async () => {
      const before = await read(file).catch(() => null);
      await withServed(address, {}, async (page) => {
        await shows(page, await title());
        const main = await page.locator('main').innerText();
        await write(file, await text());
        await panel(page).getByText(path.basename(file)).first().waitFor();
        assert.equal(await page.locator('main').innerText(), main, 'the page');
        await page.reload();
        await panel(page).waitFor();
        assert.equal(await page.locator('main').innerText(), main, 'the page, opened again');
        if (before === null) await rm(at(file));
        else await write(file, before);
        await mended(page);
        assert.equal(await page.locator('main').innerText(), main, 'the page, mended');
        assert.deepEqual(page.complaints, []);
      });
    });
  }
});

test('what is being filled in is not thrown away', async () => {
  await withServed('fill/meeting.html', {}, async (page) => {
    const field = page.locator('main input[type="text"], main textarea').first();
    await field.fill('还没有存下来的话');
    await write(record, await wrong());
    await panel(page).getByText('HY-2026-9999').waitFor();
    assert.equal(await field.inputValue(), '还没有存下来的话');
    await write(record, await sound());
    await panel(page).getByText('HY-2026-9999').waitFor({ state: 'detached' });
    assert.equal(await field.inputValue(), '还没有存下来的话');
    const at = () => page.evaluate(() => document.querySelector('script[data-at]').dataset.at);
    const before = await at();
    await Promise.all([page.waitForEvent('load'), panel(page).getByRole('button').first().click()]);
    assert.notEqual(await at(), before, 'loaded again when asked to');
  });
});

describe('the panel', () => {
  before(async () => write(record, await wrong()));
  after(async () => write(record, await sound()));

  test('is used by keyboard', async () => {
    await withServed('index.html', {}, async (page) => {
      await panel(page).waitFor();
      const summary = panel(page).locator('summary');
      const list = panel(page).locator('ol');
      await summary.focus();
      await page.keyboard.press('Enter');
      await list.waitFor({ state: 'hidden' });
      await page.reload();
      await panel(page).waitFor();
      assert.ok(await list.isHidden(), 'it stays folded');
      await summary.focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      assert.match(await page.evaluate(() => document.activeElement.href), /HY-2026-0001\.html$/);
      await page.keyboard.press('Enter');
      await page.waitForURL(origin + address);
      await panel(page).locator('summary').focus();
      await page.keyboard.press('Escape');
      await panel(page).waitFor({ state: 'detached' });
      await Promise.all([page.waitForResponse(/findings\.json$/), page.reload()]);
      assert.equal(await panel(page).count(), 0, 'it stays away');
    });
  });

  for (const scheme of ['light', 'dark']) {
    for (const [name, width] of Object.entries(widths)) {
      test(`is sound to axe, ${scheme}, ${name}`, async () => {
        await withServed(address, { scheme, width }, async (page) => {
          await panel(page).waitFor();
          await expectNoAxeViolations(page);
          const { left, right } = await panel(page).evaluate((element) => element.getBoundingClientRect());
          assert.ok(left >= 0 && right <= width, `from ${left} to ${right} of ${width}`);
          await screenshot(page, `serve-${scheme}-${width}`, { fullPage: false });
        });
      });
    }
  }
});

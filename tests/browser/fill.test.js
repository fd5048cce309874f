// Forms that are filled in the browser, from a folder and under the pages' own
// policy: what is wrong appears and goes, rows come and go, the file that is
// taken away is one that `taizhang check` accepts, and nothing is markup.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { expectNoAxeViolations, repository, siteFiles, widths, withPage } from './site.js';

const run = promisify(execFile);
const program = process.env.TAIZHANG ?? path.join(repository, 'target/debug/taizhang');
const folder = await mkdtemp(path.join(tmpdir(), 'taizhang-filled-'));
after(() => rm(folder, { recursive: true, force: true }));

const forms = (await siteFiles()).filter((file) => /^fill\/[^/]+\.html$/.test(file));
const file = (page) => page.locator('#fill-file').inputValue();
/** Types as a person does, and leaves the field. */
const type = async (page, id, text) => { await page.locator(`[id="${id}"]`).fill(text); await page.locator(`[id="${id}"]`).blur(); };
/** What is said about a field. */
const said = (page, at) => page.locator(`[data-at="${at}"] > .complaints`).innerText();
const settled = (page) => page.waitForTimeout(300);

/** What `check` says of a text as a record of the demonstration. */
async function check(name, text) {
  const root = path.join(folder, name);
  await cp(path.join(repository, 'taizhang.toml'), path.join(root, 'taizhang.toml'));
  await cp(path.join(repository, 'records'), path.join(root, 'records'), { recursive: true });
  const record = `records/2026/${/^id = "(.*)"$/m.exec(text)[1]}.toml`;
  await writeFile(path.join(root, record), text);
  const answer = await run(program, ['--root', root, 'check', '--format', 'json', record], { cwd: root, maxBuffer: 64 << 20 }).catch((error) => error);
  return JSON.parse(answer.stdout).findings.filter((finding) => finding.path === record);
}

describe('every form', () => {
  test('opens without complaints and stands still on a phone', async () => {
    assert.ok(forms.length > 3, `${forms.length} forms`);
    for (const form of forms) {
      await withPage(form, { width: widths.phone }, async (page) => {
        await page.locator('#fill-file').waitFor();
        assert.deepEqual(page.complaints, [], form);
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= widths.phone, form);
        assert.match(await file(page), /^kind = "/m);
      });
    }
  });

  test('can be read without scripts', async () => {
    await withPage(forms[0], { javaScript: false }, async (page) => {
      assert.ok(await page.locator('noscript, .asked').first().isVisible());
      assert.ok((await page.locator('.asked dt').count()) > 5);
    });
  });

  for (const scheme of ['light', 'dark']) {
    test(`is sound to axe, empty and with everything at fault, ${scheme}`, async () => {
      for (const form of forms.slice(0, 4)) {
        await withPage(form, { scheme }, async (page) => {
          await expectNoAxeViolations(page);
          await page.evaluate(() => document.querySelectorAll('details.fill-section').forEach((details) => { details.open = true; }));
          await settled(page);
          const state = page.locator('#f-state');
          await state.selectOption({ index: (await state.locator('option').count()) - 2 });
          await page.locator('#fill button[type=submit]').click();
          await settled(page);
          await expectNoAxeViolations(page);
        });
      }
    });
  }
});

describe('a form that is filled in', () => {
  const form = 'fill/collaboration.html';

  test('says what is wrong when a field is left, and no longer when it is mended', async () => {
    await withPage(form, {}, async (page) => {
      await type(page, 'f-title', '请确认');
      await settled(page);
      assert.match(await said(page, 'title'), /提醒：|要改：/);
      await type(page, 'f-title', '样机－试产－确定装配节拍');
      await settled(page);
      assert.equal(await said(page, 'title'), '');
      assert.match(await file(page), /^title = "样机－试产－确定装配节拍"$/m);
    });
  });

  test('lists everything on top when finishing, and leads to each', async () => {
    await withPage(form, {}, async (page) => {
      await page.locator('#f-state').selectOption('submitted');
      await page.locator('#fill button[type=submit]').click();
      await settled(page);
      const summary = page.locator('.fault-summary');
      assert.ok(await summary.evaluate((element) => element === document.activeElement));
      const before = await summary.locator('li').count();
      assert.ok(before > 5, `${before} findings`);
      await summary.locator('a', { hasText: '协作目标' }).click();
      assert.equal(await page.evaluate(() => document.activeElement.id), 'f-request-goal');
      await page.keyboard.type('2026年6月30日前交付样机报告1份');
      await settled(page);
      assert.equal(await summary.locator('li').count(), before - 1);
    });
  });

  test('adds, moves and removes rows, numbered where rows are', async () => {
    await withPage(form, {}, async (page) => {
      const section = page.locator('#s-actions');
      await section.locator('summary').click();
      const add = section.locator('.cards > button');
      await add.click();
      await type(page, 'f-actions-0-task', '甲');
      await add.click();
      await type(page, 'f-actions-1-task', '乙');
      await settled(page);
      assert.match(await file(page), /id = "A1"[^]*甲[^]*id = "A2"[^]*乙/);
      await section.locator('.card').nth(1).getByRole('button', { name: /^上移/ }).click();
      await settled(page);
      assert.match(await file(page), /乙[^]*甲/);
      await section.locator('.card').first().getByRole('button', { name: /^删除/ }).click();
      await settled(page);
      assert.doesNotMatch(await file(page), /乙/);
    });
  });

  test('keeps what was typed until it is cleared', async () => {
    await withPage(form, {}, async (page) => {
      await type(page, 'f-title', '没写完');
      await settled(page);
      await page.reload();
      assert.equal(await page.locator('#f-title').inputValue(), '没写完');
      await page.getByRole('button', { name: '清空重填' }).click();
      assert.equal(await page.locator('#f-title').inputValue(), '');
    });
  });

  test('takes hostile texts as texts', async () => {
    await withPage(form, {}, async (page) => {
      const hostile = '</textarea><script>document.title="x"</script><img src=x onerror=alert(1)>"""\\';
      await type(page, 'f-title', hostile);
      await type(page, 'f-request-goal', `${hostile}\n${hostile}`);
      await page.locator('#fill button[type=submit]').click();
      await settled(page);
      assert.equal(await page.locator('#fill img, #fill script').count(), 0);
      assert.notEqual(await page.title(), 'x');
      assert.deepEqual(page.complaints, []);
      assert.deepEqual((await check('hostile', await file(page))).filter(({ rule }) => rule === 'toml-syntax'), []);
    });
  });

  test('is taken away as a file that `check` accepts', async () => {
    await withPage(form, {}, async (page) => {
      await page.locator('#who').selectOption('li-na');
      await type(page, 'f-title', '样机－试产－确定装配节拍');
      await type(page, 'f-request-background', '四月试装节拍超过目标。\n\n需要三个部门一起定案。');
      await type(page, 'f-request-goal', '2026年6月30日前装配节拍不超过55秒');
      await settled(page);
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /^下载/ }).click()]);
      const text = await readFile(await download.path(), 'utf8');
      assert.equal(text, await file(page));
      assert.match(download.suggestedFilename(), /^XT-2026-\d{4}\.toml$/);
      assert.match(text, /background = """\n四月试装节拍超过目标。\n\n需要三个部门一起定案。\n"""/);
      assert.deepEqual((await check('accepted', text)).filter(({ level }) => level === 'error'), []);
      await page.getByRole('button', { name: '复制内容' }).click();
      await page.locator('.copied', { hasText: /./ }).waitFor();
      const href = await page.locator('.ways a').first().getAttribute('href');
      assert.match(href, /^https:\/\/git\.example\.com\/xingyao\/records\/new\/main\?filename=records%2F2026%2FXT-2026-\d{4}\.toml/);
      assert.ok(href.length < 8000);
    });
  });
});

describe('a record that is edited', () => {
  test('is taken up whole, and what is changed is all that changes', async () => {
    await withPage('records/XT-2026-0012.html', {}, async (page) => {
      await page.getByRole('link', { name: '修改这份记录' }).click();
      await page.locator('#fill-file').waitFor();
      const original = await readFile(path.join(repository, 'records/2026/XT-2026-0012.toml'), 'utf8');
      assert.equal(await page.locator('#f-title').inputValue(), /^title = "(.*)"$/m.exec(original)[1]);
      const before = await file(page);
      assert.deepEqual((await check('edited', before)).filter(({ level }) => level === 'error'), []);
      await type(page, 'f-title', '星曜S3 Pro－硬件设计－冻结V3.0');
      await settled(page);
      assert.equal(await file(page), before.replace(/^title = .*$/m, 'title = "星曜S3 Pro－硬件设计－冻结V3.0"'));
      assert.match(await page.locator('.ways a').first().getAttribute('href'), /\/edit\/main\/records\/2026\/XT-2026-0012\.toml$/);
      assert.deepEqual(page.complaints, []);
    });
  });

  test('says so when it is not on this site', async () => {
    await withPage('fill/collaboration.html', {}, async (page) => {
      await page.evaluate(() => { location.search = '?record=XT-2026-9999'; });
      await page.locator('.note', { hasText: 'XT-2026-9999' }).waitFor();
    });
  });
});

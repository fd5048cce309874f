// A form printed from the browser is the paper that the PDF is: as many pages,
// the same words in the same order, heads of tables on every page, no row cut.
//
// A few of each style are printed: the first and the longest, blank and filled.
// FORMS=all prints every one (minutes).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { openPage, site, siteFiles } from './site.js';

const folder = mkdtempSync(path.join(tmpdir(), 'taizhang-forms-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const poppler = (program, ...options) => execFileSync(program, options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64 << 20 });
const pageNumber = /第\s*\d+\s*页\s*\/\s*共\s*\d+\s*页|^\s*— \d+ —\s*$/;
/** Without what layout adds: blanks, places to break at, marks of lists. */
const bare = (text) => text.replace(/[\s\u200b\u00ad•▪◦]/g, '');

/** The text of each page, without the line with its number. */
function pagesOf(pdf, inBrowser) {
  const pages = poppler('pdftotext', '-raw', '-enc', 'UTF-8', pdf, '-').split('\f').slice(0, -1);
  return pages.map((page) => {
    const lines = page.split('\n');
    if (inBrowser) return bare(lines.filter((line) => !pageNumber.test(line)).join(''));
    const foot = lines.findLastIndex((line) => pageNumber.test(line));
    return bare((foot < 0 ? lines : lines.slice(0, foot)).join(''));
  });
}

/** Where the words of `part` stop being found in `whole` in their order; -1 if all are. */
function lostAt(part, whole) {
  let at = 0;
  for (let index = 0; index < part.length; index += 1) {
    at = whole.indexOf(part[index], at) + 1;
    if (at === 0) return index;
  }
  return -1;
}

async function chosen() {
  const all = (await siteFiles()).filter((file) => /^forms\/.*\.html$/.test(file));
  assert.ok(all.length > 100, `${all.length} forms`);
  if (process.env.FORMS === 'all') return all;
  const styles = new Map();
  for (const file of all) {
    const page = await readFile(path.join(site, file), 'utf8');
    const style = page.match(/<body class="([^"]*)"/)[1];
    const known = styles.get(style);
    if (!known) styles.set(style, { first: file, longest: file, length: page.length });
    else if (page.length > known.length) Object.assign(known, { longest: file, length: page.length });
  }
  assert.ok(styles.size > 4, [...styles.keys()].join(', '));
  return [...new Set([...styles.values()].flatMap(({ first, longest }) => [first, longest]))];
}

const page = await openPage('index.html');
after(() => page.context().close());

for (const file of await chosen()) {
  describe(file, () => {
    test('prints as its PDF', async () => {
      await page.goto(`file://${path.join(site, file)}`);
      const printed = path.join(folder, `${path.basename(file, '.html')}.pdf`);
      await page.pdf({ path: printed, preferCSSPageSize: true });
      const { words, rows } = await page.evaluate(() => {
        document.querySelectorAll('footer').forEach((footer) => footer.remove());
        const rows = [...document.querySelectorAll('tbody tr')].map((row) => {
          const head = row.closest('table').tHead;
          return { text: row.textContent, head: head ? head.textContent : '' };
        });
        return { words: document.body.textContent, rows };
      });
      const browser = pagesOf(printed, true);
      const ours = pagesOf(path.join(site, file.replace(/\.html$/, '.pdf')), false);
      // The browser's lines are a little higher or lower than the typesetter's:
      // a paper that ends near the foot of a page may run over in one of them.
      assert.ok(Math.abs(browser.length - ours.length) <= 1, `${browser.length} pages in the browser, ${ours.length} in the PDF`);

      for (const [name, pages] of [['browser', browser], ['PDF', ours]]) {
        const text = pages.join('');
        const at = lostAt(bare(words), text);
        assert.equal(at, -1, `the paper from the ${name} lacks “${bare(words).slice(at, at + 40)}”:\n${text}`);
      }
      if (browser.length === 1 && ours.length === 1) {
        assert.ok(browser[0].startsWith(ours[0]), `${browser[0]}\n${ours[0]}`);
      }

      for (const row of rows) {
        const text = bare(row.text);
        // between the words may be the numbers of a list
        const on = browser.filter((content) => content.includes(text) || lostAt(text, content) < 0);
        // what is higher than half a page may run over to the next
        assert.ok(on.length > 0 || text.length > 700, `a row is cut: ${text}`);
        assert.ok(!text || on.length === 0 || on.some((content) => content.includes(bare(row.head))), `no head over the row ${text}`);
      }
    });
  });
}

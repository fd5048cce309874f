// Printing any page gives something one could hand over in a meeting.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { expectNoSidewaysScroll } from './layout.js';
import { pagesOfEachType, screenshot, withPage } from './site.js';

const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), 'taizhang-print-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const squeezed = (text) => text.replace(/\s+/g, '');

/** Relative luminance of a computed colour, 0 black to 1 white. */
const luminance = (page, selector, property) =>
  page.evaluate(
    ([selector, property]) => {
      const canvas = document.createElement('canvas').getContext('2d');
      canvas.fillStyle = '#fff';
      canvas.fillRect(0, 0, 1, 1);
      canvas.fillStyle = getComputedStyle(document.querySelector(selector))[property];
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    },
    [selector, property],
  );

for (const file of await pagesOfEachType({ definitions: false })) {
  test(`${file}: prints its heading and its text on A4, dark on white even from a dark screen`, () =>
    // A4 less its margins, in CSS pixels.
    withPage(file, { width: 680, scheme: 'dark', media: 'print' }, async (page) => {
      await screenshot(page, `${file}-print`);
      assert.ok((await luminance(page, 'body', 'backgroundColor')) > 0.9, 'the paper is not white');
      assert.ok((await luminance(page, 'h1', 'color')) < 0.2, 'the ink is not dark');
      await expectNoSidewaysScroll(page);
      const navigation = page.locator('nav').filter({ visible: true });
      assert.equal(await navigation.count(), 0, 'navigation is no use on paper');
      const heading = await page.locator('h1').innerText();
      const pdf = path.join(folder, `${file.replaceAll('/', '_')}.pdf`);
      await page.pdf({ path: pdf, format: 'A4' });
      const { stdout } = await run('pdftotext', ['-layout', pdf, '-']);
      const text = squeezed(stdout);
      assert.ok(text.includes(squeezed(heading)), `“${heading}” is not on paper: ${text.slice(0, 200)}`);
    }));
}

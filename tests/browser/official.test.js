// Letters after GB/T 9704-2012 printed from the browser: 版记 stands at the foot
// of the last page and of no other, the red rule under a letter's first page.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { openPage, repository } from './site.js';

const folder = mkdtempSync(path.join(tmpdir(), 'taizhang-official-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const program = process.env.TAIZHANG ?? path.join(repository, 'target/debug/taizhang');

for (const part of ['records', 'templates']) cpSync(path.join(repository, part), path.join(folder, part), { recursive: true });
const settings = readFileSync(path.join(repository, 'taizhang.toml'), 'utf8');
writeFileSync(path.join(folder, 'taizhang.toml'), `${settings}\n[paper]\nletters = "official"\n`);
for (const kind of ['notice', 'letter', 'meeting']) {
  execFileSync(program, ['print', '--kind', kind, '--format', 'html', '--out', 'html'], { cwd: folder, stdio: 'ignore' });
}

const page = await openPage('index.html');
after(() => page.context().close());

/** The heights, in millimetres, at which a line goes over the whole text of a sheet. */
function rules(pdf, number) {
  const drawn = path.join(folder, 'drawn');
  execFileSync('pdftoppm', ['-gray', '-r', '127', '-f', number, '-l', number, '-singlefile', pdf, drawn], { stdio: 'ignore' });
  const bytes = readFileSync(`${drawn}.pgm`);
  const head = bytes.subarray(0, 32).toString('latin1').match(/^P5\s+(\d+)\s+(\d+)\s+255\s/);
  const [width, height] = [Number(head[1]), Number(head[2])];
  const found = [];
  for (let row = 0; row < height; row += 1) {
    const start = head[0].length + row * width;
    // from 30 to 180 mm, five dots to each
    const line = bytes.subarray(start + 150, start + 900);
    if (line.every((dot) => dot < 200)) found.push(row / 5);
  }
  return found;
}

async function printed(file) {
  await page.goto(`file://${path.join(folder, 'html', file)}`);
  const pdf = path.join(folder, file.replace(/html$/, 'pdf'));
  await page.pdf({ path: pdf, preferCSSPageSize: true });
  const information = execFileSync('pdfinfo', [pdf], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return { pdf, pages: Number(information.match(/Pages:\s+(\d+)/)[1]) };
}

const all = readdirSync(path.join(folder, 'html'));
/** Those with most on them. */
const longest = (begin, end) =>
  all
    .filter((file) => file.startsWith(begin) && file.endsWith(end))
    .sort((a, b) => readFileSync(path.join(folder, 'html', b)).length - readFileSync(path.join(folder, 'html', a)).length)
    .slice(0, 4);
// the text is 225 mm high and begins at 37 mm
const atFoot = (height) => Math.abs(height - 262) < 1.5;

for (const file of [...longest('TZ', '-notice.html'), ...longest('HY', '-minutes.html')]) {
  test(`版记 is at the foot of the last page of ${file} alone`, async () => {
    const { pdf, pages } = await printed(file);
    const found = rules(pdf, pages);
    assert.ok(found.some(atFoot), `rules at ${found} mm`);
    for (let number = 1; number < pages; number += 1) {
      assert.deepEqual(rules(pdf, number).filter(atFoot), [], `page ${number} of ${pages}`);
    }
  });
}

test('under the first page of a letter is the double rule', async () => {
  const [file] = longest('HJ', '-letter.html');
  const { pdf, pages } = await printed(file);
  const low = (number) => rules(pdf, number).filter((height) => height > 265);
  assert.ok(low(1).length > 1 && low(1).every((height) => Math.abs(height - 277) < 3), `${low(1)}`);
  for (let number = 2; number <= pages; number += 1) assert.deepEqual(low(number), []);
});

// No page grows with the number of records: what is long is paged. The
// demonstration many times over, and twice as many times, makes pages of the
// same size, all below 200 KB.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build, repository, siteFiles, sortOfPage } from './site.js';

const folder = mkdtempSync(path.join(tmpdir(), 'taizhang-growth-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The demonstration with each record so many times, under numbers of its own. */
function copies(times) {
  const root = path.join(folder, String(times));
  mkdirSync(root);
  // once is enough: a second language makes the same pages again
  const settings = readFileSync(path.join(repository, 'taizhang.toml'), 'utf8');
  writeFileSync(path.join(root, 'taizhang.toml'), settings.replace(/^languages = .*$/m, ''));
  cpSync(path.join(repository, 'records'), path.join(root, 'records'), { recursive: true });
  let count = 0;
  for (const year of readdirSync(path.join(root, 'records')).filter((name) => /^\d{4}$/.test(name))) {
    const records = path.join(root, 'records', year);
    for (const file of readdirSync(records)) {
      const [, start, number] = file.match(/^(.+-\d{4}-)(\d{4})\.toml$/) ?? [];
      if (!number) continue;
      const text = readFileSync(path.join(records, file), 'utf8');
      for (let copy = 0; copy < times; copy += 1, count += 1) {
        const later = (digits) => String(Number(digits) + copy * 200).padStart(4, '0');
        const id = start + later(number);
        const own = text.replace(`id = "${start}${number}"`, `id = "${id}"`).replace(/^(archive_number = ".*-)(\d{4})"$/m, (line, before, digits) => `${before}${later(digits)}"`);
        writeFileSync(path.join(records, `${id}.toml`), own);
      }
    }
  }
  return { root, count };
}

/** The largest page of each sort, in bytes. */
async function sizes(times) {
  const { root, count } = copies(times);
  const site = await build(['--forms', 'none'], root);
  const largest = new Map();
  let records = 0;
  for (const file of (await siteFiles(site)).filter((name) => name.endsWith('.html'))) {
    if (file.startsWith('records/')) records += 1;
    const { size } = statSync(path.join(site, file));
    const sort = sortOfPage(file);
    if (size > (largest.get(sort)?.size ?? 0)) largest.set(sort, { size, file });
  }
  // what is confidential has no page here
  assert.ok(records > 0.9 * count, `${records} of ${count}`);
  return { largest, count };
}

describe('no page grows with the register', () => {
  let some;
  let many;
  before(async () => { [some, many] = await Promise.all([sizes(8), sizes(16)]); });

  test('twice as many records make as large pages', () => {
    assert.ok(some.count > 1400 && many.count === 2 * some.count);
    // a list that filled less than its page of a hundred rows may yet fill it
    const grown = [...many.largest].filter(([sort, { size }]) => size > 1.3 * Math.max(some.largest.get(sort)?.size ?? 0, 110_000));
    assert.deepEqual(grown.map(([, { file, size }]) => `${file}: ${size}`), []);
  });

  test('none is over 200 KB', () => {
    const large = [...many.largest.values()].filter(({ size }) => size > 200_000);
    assert.deepEqual(large, []);
  });
});

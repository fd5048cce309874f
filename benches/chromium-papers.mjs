// Prints the HTML papers of `taizhang-bench papers html DIR` with Chromium.
//
//   node benches/chromium-papers.mjs DIR [how many, 50]
//
// One browser for all, which is the best for it: a second a document more where
// each starts its own. Tagged, without PDF/A and attachments.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, most = '50'] = process.argv.slice(2);
const require = createRequire(new URL('../tests/browser/', import.meta.url));
const { chromium } = require('playwright-core');

// CPU of the browser's processes, in milliseconds; those that ended keep what
// they had when they were last looked at.
const seen = new Map();
const cpu = () => {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((id) => {
    try {
      const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').pop().split(' ');
      return [[id, fields[1], (Number(fields[11]) + Number(fields[12])) * 10]];
    } catch { return []; }
  });
  const ours = new Set([String(process.pid)]);
  for (let size = 0; size !== ours.size;) {
    size = ours.size;
    for (const [id, parent] of processes) if (ours.has(parent)) ours.add(id);
  }
  for (const [id, , used] of processes) if (ours.has(id) && id !== String(process.pid)) seen.set(id, used);
  return [...seen.values()].reduce((sum, used) => sum + used, 0);
};

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
console.log('| papers | set by | a second | CPU each | wall each | pages each | KB each |');
console.log('|---|---|--:|--:|--:|--:|--:|');
for (const name of ['forms', 'minutes']) {
  const print = async (number) => {
    await page.goto(pathToFileURL(path.resolve(folder, name, `${number}.html`)).href);
    return page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true });
  };
  await print(1);
  const [before, start] = [cpu(), performance.now()];
  let [pages, bytes] = [0, 0];
  for (let number = 1; number <= Number(most); number += 1) {
    const pdf = await print(number);
    bytes += pdf.length;
    pages += pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
    cpu();
  }
  const [used, wall, each] = [cpu() - before, performance.now() - start, Number(most)];
  console.log(`| ${each} ${name} | Chromium ${browser.version()} | ${(each / wall * 1e3).toFixed(1)} | ${(used / each).toFixed(0)} ms | ${(wall / each).toFixed(0)} ms | ${(pages / each).toFixed(1)} | ${(bytes / each / 1e3).toFixed(0)} |`);
}
await browser.close();

// How soon `taizhang serve` shows a change, in Chromium.
//
//   cargo run --release -p taizhang-bench -- --write DIR 10000
//   node benches/serve.mjs DIR [changes a page, 20] [program, target/release/taizhang]
//
// From just before a record's file is written to: the event that tells
// browsers, the page of the record read to its end, the same painted. The page
// is that of the changed record, then the overview and a register of a hundred rows while the
// record changes beside them. At last a record is broken and mended, which
// brings a finding and takes it away.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';

const [root, changes = '20', program = path.join(import.meta.dirname, '../target/release/taizhang')] = process.argv.slice(2);
const { chromium } = createRequire(new URL('../tests/browser/', import.meta.url))('playwright-core');
const now = () => performance.timeOrigin + performance.now();
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

const years = readdirSync(path.join(root, 'records')).filter((name) => /^\d+$/.test(name)).sort();
const folder = path.join(root, 'records', years.at(-1));
const number = readdirSync(folder).sort().at(-1).replace('.toml', '');
const file = path.join(folder, `${number}.toml`);
const sound = readFileSync(file, 'utf8');
const titled = (count) => sound.replace(/^title = .*$/m, `title = "手表S5－试产－第${count}次改题"`);
process.on('exit', () => writeFileSync(file, sound));

const server = spawn(program, ['--root', root, '--as-of', '2026-05-07T09:00:00+08:00', 'serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, TAIZHANG_BENCH_REPORT: '/dev/null' } });
process.on('exit', () => server.kill());
const [line] = await once(readline.createInterface({ input: server.stdout }), 'line');
const origin = line.trim();

const told = [];
(async () => {
  const answer = await fetch(`${origin}__taizhang/events`);
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    for (const [, stamp] of chunk.matchAll(/data: (\S+)/g)) told.push([stamp, now()]);
  }
})().catch(() => {});

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((one) => one && existsSync(one));
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
let seen = () => {};
await page.exposeFunction('seen', (what) => seen(what));
await page.addInitScript(() => {
  const time = () => performance.timeOrigin + performance.now();
  document.addEventListener('DOMContentLoaded', () => {
    const read = time();
    const stamp = document.querySelector('script[data-at]')?.dataset.at ?? '';
    const title = document.title;
    requestAnimationFrame(() => requestAnimationFrame(() => globalThis.seen({ stamp, title, read, painted: time() })));
  });
  new MutationObserver(() => {
    const panel = document.querySelector('.taizhang-findings')?.textContent ?? '';
    if (panel !== globalThis.panel) globalThis.seen({ panel: globalThis.panel = panel, painted: time() });
  }).observe(document, { childList: true, subtree: true });
});

/** Writes, and waits until what is wanted is seen; milliseconds since the write began. */
async function change(text, wanted) {
  const from = told.length;
  const shown = new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error(`nothing is shown on ${page.url()}; told ${told.slice(from).map(([stamp]) => stamp)}`)), 60_000);
    seen = (what) => { if (wanted(what)) { clearTimeout(late); done(what); } };
  });
  const start = now();
  writeFileSync(file, text);
  const what = await shown;
  const event = told.slice(from).at(0)?.[1];
  await pause(700);
  return { event: event - start, read: what.read - start, painted: what.painted - start };
}

const rows = [];
function row(name, times) {
  const column = (key) => {
    const all = times.map((time) => time[key]).filter(Number.isFinite).sort((a, b) => a - b);
    if (!all.length) return '';
    return `${Math.round(all[Math.floor(all.length / 2)])} (${Math.round(all.at(-1))})`;
  };
  rows.push(`| ${name} | ${times.length} | ${['event', 'read', 'painted'].map(column).join(' | ')} |`);
}

let count = 0;
for (const [name, address] of [['its own page', `records/${number}.html`], ['the overview', 'index.html'], ['its register', 'registers/collaboration.html']]) {
  await page.goto(origin + address);
  await pause(3000);
  const times = [];
  for (let round = 0; round < Number(changes); round += 1) {
    count += 1;
    const title = `第${count}次改题`;
    const last = told.at(-1)[0].split('.')[0];
    const own = address.startsWith('records/');
    times.push(await change(titled(count), (what) => what.stamp && what.stamp.split('.')[0] !== last && (!own || what.title.includes(title))));
  }
  row(name, times);
}
await page.goto(`${origin}records/${number}.html`);
await pause(2000);
const found = [];
const mended = [];
for (let round = 0; round < Number(changes); round += 1) {
  found.push(await change(sound.replace(/^title = .*$/m, 'title = = 1'), (what) => what.panel?.includes(number)));
  mended.push(await change(sound, (what) => what.read && !what.panel));
}
row('a finding', found);
row('mended', mended);
console.log('| changed record seen on | changes | event, ms | page read, ms | painted, ms |\n|---|--:|--:|--:|--:|');
console.log(rows.join('\n'));
await browser.close();
process.exit(0);

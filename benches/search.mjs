// Asks the search of a site in Chromium, cold: a new browser profile a query.
//
//   cargo run --release -p taizhang-bench -- search DIR 10000
//   node benches/search.mjs DIR/site [queries a class, 6]
//
// Over a loopback server that packs with gzip, and from file://. Bytes are the
// packed ones of all of the index that the page and a query load, milliseconds
// those from Enter to the results, in a page that has come to rest. What is right is told by a plain search
// through the texts; of more than 100 results the number and the first 20 are
// compared, else all.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import zlib from 'node:zlib';

const [site, each = '6'] = process.argv.slice(2);
const require = createRequire(new URL('../tests/browser/', import.meta.url));
const { chromium } = require('playwright-core');

/** So long after it has loaded, a page is at rest. */
const AT_REST = 300;

const folded = (text) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').replace(/ (?![a-z0-9])|(?<![a-z0-9]) /g, '');

// ---- The texts ----
const documents = [];
const take = (name, value) => {
  if (!/\/t\d+$/.test(name)) return;
  for (const [number, title, address, , , , , lines] of value[1]) {
    documents.push([address, [number, title, ...lines.filter((_, index) => index % 2)].map(folded).join('\n')]);
  }
};
const context = vm.createContext({ taizhang: { take } });
for (const folder of readdirSync(path.join(site, 'search'))) {
  const full = path.join(site, 'search', folder);
  if (!statSync(full).isDirectory()) continue;
  for (const file of readdirSync(full)) if (file.startsWith('t')) vm.runInContext(readFileSync(path.join(full, file), 'utf8'), context);
}
const truth = (query) => new Set(documents.filter(([, text]) => text.includes(query)).map(([address]) => address));

// ---- The queries ----
let state = 42;
const below = (end) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor((state / 2 ** 32) * end); };
const piece = (length) => (text) => {
  const line = text.split('\n').filter((one) => one.length >= length);
  if (!line.length) return null;
  const one = line[below(line.length)];
  const query = one.slice(below(one.length - length + 1)).slice(0, length);
  return /[ \ud800-\udfff]/.test(query) ? null : query;
};
const oneOf = (pattern, use = (found) => found) => (text) => { const all = text.match(pattern); return all && use(all[below(all.length)]); };
const part = (found) => piece(Math.min(found.length - 1, 2 + below(found.length - 2)))(found);
const classes = {
  '1 character': piece(1), '2 characters': piece(2), '3 characters': piece(3), '4 characters': piece(4), '6 characters': piece(6),
  'names': oneOf(/(?<=\n)[\u4e00-\u9fff]{3}(?=\n)/g),
  'numbers': oneOf(/[a-z]{2}-\d{4}-\d{4,}/g), 'parts of numbers': oneOf(/[a-z]{2}-\d{4}-\d{4,}/g, part),
  'English words': oneOf(/[a-z]{4,}/g), 'parts of words': oneOf(/[a-z]{4,}/g, part),
};
function samples(use) {
  const found = new Set();
  for (let tries = 0; tries < 5000 && found.size < Number(each); tries += 1) {
    const query = use(documents[below(documents.length)][1]);
    if (query) found.add(query);
  }
  return [...found];
}

// ---- The server ----
let bytes = 0, requests = 0;
const types = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.svg': 'image/svg+xml' };
// packed before anybody asks, as servers do
const packed = new Map();
for (const name of readdirSync(path.join(site, 'search'), { recursive: true })) {
  const file = path.join(site, 'search', name);
  if (statSync(file).isFile()) packed.set(file, zlib.gzipSync(readFileSync(file)));
}
const server = createServer((request, response) => {
  const name = decodeURIComponent(new URL(request.url, 'http://x').pathname);
  const file = path.join(site, name);
  if (!existsSync(file)) { response.writeHead(404).end(); return; }
  if (!packed.has(file)) packed.set(file, zlib.gzipSync(readFileSync(file)));
  const body = packed.get(file);
  if (name.startsWith('/search/')) { bytes += body.length; requests += 1; }
  response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream', 'content-encoding': 'gzip' }).end(body);
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});

async function ask(address, query, all) {
  const own = await browser.newContext();
  const page = await own.newPage();
  bytes = requests = 0;
  await page.goto(address, { waitUntil: 'load' });
  await page.waitForTimeout(AT_REST);
  const ms = await page.evaluate((asked) => new Promise((done) => {
    const list = document.querySelector('.found');
    const form = document.querySelector('.search-form');
    form.elements.q.value = asked;
    const from = performance.now();
    new MutationObserver(() => { if (!list.hasAttribute('aria-busy')) done(performance.now() - from); }).observe(list, { attributeFilter: ['aria-busy'] });
    form.requestSubmit();
  }), query);
  const cold = { ms, bytes, requests };
  const count = Number((await page.locator('.search-status').innerText()).match(/\d+/)?.[0] ?? 0);
  const more = page.locator('.search-more');
  while (all && count <= 100 && (await more.isVisible())) {
    const before = await page.locator('.found > li').count();
    await more.click();
    await page.locator(`.found > li:nth-child(${before + 1})`).waitFor();
  }
  const found = await page.locator('.found .title').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  await own.close();
  return { ...cold, count, found };
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
console.log('| queries | results, median | KB, median (most) | requests | ms, median (most) | ms from file:// | recall | precision@20 |');
console.log('|---|--:|--:|--:|--:|--:|--:|--:|');
const http = `http://127.0.0.1:${server.address().port}/search.html`;
await ask(http, '的'); // warms the browser itself
const totals = [];
for (const [name, use] of Object.entries(classes)) {
  const rows = [];
  for (const query of samples(use)) {
    const right = truth(query);
    const answer = await ask(http, query, true);
    const local = await ask(pathToFileURL(path.join(site, 'search.html')).href, query);
    const hit = answer.found.filter((one) => right.has(one)).length;
    const recall = answer.found.length === answer.count ? hit / right.size : Math.min(answer.count, right.size) / Math.max(answer.count, right.size);
    const first = answer.found.slice(0, 20);
    rows.push({ ...answer, local: local.ms, recall, precision: first.filter((one) => right.has(one)).length / Math.max(1, first.length) });
    if (recall < 1 || rows.at(-1).precision < 1) console.error(`${query}: ${answer.count} found, ${right.size} right`);
  }
  totals.push(...rows);
  line(name, rows);
}
line('all', totals);
function line(name, rows) {
  if (!rows.length) return;
  const of = (key) => rows.map((row) => row[key]);
  const mean = (list) => (list.reduce((a, b) => a + b, 0) / list.length).toFixed(2);
  const kb = of('bytes').map((value) => value / 1000);
  console.log(`| ${name} | ${median(of('count'))} | ${median(kb).toFixed(0)} (${Math.max(...kb).toFixed(0)}) | ${median(of('requests'))} | ${median(of('ms')).toFixed(0)} (${Math.max(...of('ms')).toFixed(0)}) | ${median(of('local')).toFixed(0)} | ${mean(of('recall'))} | ${mean(of('precision'))} |`);
}
await browser.close();
server.close();

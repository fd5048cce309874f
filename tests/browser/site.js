// The demonstration site, built once for all test files, and a browser to look
// at it with. The pages are opened from file://, as a reader may.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));
export const repository = path.resolve(here, '../..');
export const asOf = '2026-05-07T09:00:00+08:00';
export const program = process.env.TAIZHANG ?? path.join(repository, 'target/debug/taizhang');
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The window sizes every page has to serve. */
export const widths = { desk: 1440, phone: 390 };

/** Builds the demonstration, or `root`, with these options of `build`, and tells where; it goes when the tests are over. */
export async function build(options = [], root = repository) {
  const directory = await mkdtemp(path.join(tmpdir(), 'taizhang-site-'));
  after(() => rm(directory, { recursive: true, force: true }));
  const out = path.join(directory, 'public');
  const command = ['--root', root, 'build', '--as-of', asOf, '--out', out, ...options];
  try {
    await run(program, command, { maxBuffer: 64 << 20 });
  } catch (error) {
    throw new Error(`the demonstration does not build: ${program} ${command.join(' ')}\n${error.stderr || error.message}`);
  }
  return out;
}

/** The directory of the built site; TAIZHANG_SITE where one is built already (tests/run). */
export const site = process.env.TAIZHANG_SITE ? path.resolve(process.env.TAIZHANG_SITE) : await build();

/** Every file of a site, relative, sorted. */
export async function siteFiles(folder = site) {
  const items = await readdir(folder, { recursive: true, withFileTypes: true });
  return items
    .filter((item) => item.isFile())
    .map((item) => path.relative(folder, path.join(item.parentPath ?? item.path, item.name)).split(path.sep).join('/'))
    .filter((file) => !file.startsWith('.taizhang/'))
    .sort();
}

/** The folder of a second language, where a site has one (`en/`). */
const language = /^[a-z]{2}\//;

/** What sort of page a file is: pages at the root and of registers by name, records by kind, what is gathered by definition; the rest by folder. */
export function sortOfPage(file) {
  const [, folder, name] = file.replace(language, '').match(/^(?:([^/]+)\/)?(.*)\.html$/u);
  // long lists run on over pages: deadlines-2
  const unnumbered = name.replace(/[-,]\d+$/, '');
  const sort = {
    undefined: unnumbered,
    registers: unnumbered,
    records: name.match(/^\p{L}*/u)[0],
    lists: unnumbered.split('-').at(-1),
    gathered: unnumbered.replace(/,.*/, ' of one'),
  }[folder] ?? '';
  return `${file.match(language)?.[0] ?? ''}${folder ?? ''}/${sort}`;
}

/**
 * One page of each type, so that a test that looks closely need not look at
 * all: every page at the root and the fullest of each folder; of records,
 * registers and what is gathered the fullest of each sort, since definitions
 * differ; without `definitions` the fullest of each folder there, too. A type
 * of page that is new is among them by itself. With `second` those of the
 * second language.
 */
export async function pagesOfEachType({ second = false, definitions = true } = {}) {
  const sorts = new Map();
  for (const file of await siteFiles()) {
    if (!file.endsWith('.html') || /(^|\/)forms\//.test(file) || language.test(file) !== second) continue;
    const sort = definitions || !file.includes('/') ? sortOfPage(file) : path.dirname(file);
    const { size } = await stat(path.join(site, file));
    const known = sorts.get(sort);
    if (!known || known.size < size) sorts.set(sort, { file, size });
  }
  return [...sorts.values()].map(({ file }) => file);
}

let browser;
async function theBrowser() {
  const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (candidate) => candidate && existsSync(candidate),
  );
  assert.ok(executablePath, 'Chromium is missing: run tests/setup');
  browser ??= chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  return browser;
}
after(async () => (await browser)?.close());

/**
 * Opens a page of the site in a context of its own: from its folder or, where
 * `from` is one, from an address; at the instant `now` where one is given.
 *
 * What the page complains about — console errors and warnings, uncaught
 * exceptions, files that are missing, anything asked of a network — is
 * collected in `page.complaints`.
 */
export async function openPage(file, { from = site, now = null, width = widths.desk, height = 900, scheme = 'light', forcedColors = 'none', javaScript = true, media = 'screen' } = {}) {
  const context = await (await theBrowser()).newContext({
    viewport: { width, height },
    colorScheme: scheme,
    forcedColors,
    javaScriptEnabled: javaScript,
    reducedMotion: 'reduce',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  });
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.complaints.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => page.complaints.push(`exception: ${error.message}`));
  page.on('requestfailed', (request) => {
    // a served page that is loaded again lets go of what it was listening to
    const left = /^http:/.test(from) && request.failure()?.errorText === 'net::ERR_ABORTED';
    if (!left) page.complaints.push(`missing: ${request.url()}`);
  });
  page.on('request', (request) => {
    if (!/^(file|data|blob|about):/.test(request.url()) && !request.url().startsWith(from)) page.complaints.push(`network: ${request.url()}`);
  });
  if (now) await page.clock.setFixedTime(new Date(now));
  if (media !== 'screen') await page.emulateMedia({ media });
  const [name, query] = file.split('?');
  const address = /^https?:/.test(from) ? `${from}/${encodeURI(name)}` : pathToFileURL(path.join(from, name)).href;
  await page.goto(address + (query === undefined ? '' : `?${query}`));
  return page;
}

/** Opens a page, does something with it, and closes it however that went. */
export async function withPage(file, options, use) {
  const page = await openPage(file, options);
  try {
    return await use(page);
  } finally {
    await page.context().close();
  }
}

/** Of WCAG 2.2 AA, what axe-core does not look for unless told. */
const more = ['target-size', 'label-content-name-mismatch', 'p-as-heading', 'table-fake-caption', 'td-has-header'];

/** Fails with every rule of axe-core that is broken, and where; `only` some, or none of `disable`. */
export async function expectNoAxeViolations(page, { only = null, disable = [] } = {}) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate(
    (options) => globalThis.axe.run(document, { ...options, resultTypes: ['violations'], preload: false }),
    only
      ? { runOnly: { type: 'rule', values: only } }
      : { rules: Object.fromEntries([...more.map((rule) => [rule, { enabled: true }]), ...disable.map((rule) => [rule, { enabled: false }])]) },
  );
  const report = violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 5).map((node) => `    ${node.target.join(' ')}\n      ${node.html.slice(0, 160)}\n      ${node.failureSummary?.replace(/\n\s*/g, ' ')}`);
    return `${id}: ${help} (${nodes.length})\n${places.join('\n')}`;
  });
  assert.equal(violations.length, 0, `axe-core on ${page.url()}\n${report.join('\n')}`);
}

/** Fails if the browser had anything to complain about. */
export function expectNoComplaints(page) {
  assert.deepEqual(page.complaints, []);
}

/** Tries every expectation, so that one failure does not hide the next. */
export async function expectAll(page, ...expectations) {
  const failures = [];
  for (const expectation of expectations) {
    try {
      await expectation(page);
    } catch (error) {
      failures.push(error.message);
    }
  }
  assert.equal(failures.length, 0, failures.join('\n\n'));
}

/** With SCREENSHOTS=1 keeps a picture in target/screenshots, for people to look at. */
export async function screenshot(page, name, { fullPage = true } = {}) {
  if (!process.env.SCREENSHOTS) return;
  const folder = path.join(repository, 'target/screenshots');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${name.replaceAll('/', '_')}.png`);
  await page.screenshot({ path: file, fullPage });
}

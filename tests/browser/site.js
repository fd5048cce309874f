// The demonstration site, built once for all test files, and a browser to look
// at it with. The pages are opened from file://, as a reader may.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
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
const program = process.env.TAIZHANG ?? path.join(repository, 'target/debug/taizhang');
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The window sizes every page has to serve. */
export const widths = { desk: 1440, phone: 390 };

async function build() {
  if (process.env.TAIZHANG_SITE) return path.resolve(process.env.TAIZHANG_SITE);
  const directory = await mkdtemp(path.join(tmpdir(), 'taizhang-site-'));
  after(() => rm(directory, { recursive: true, force: true }));
  const site = path.join(directory, 'public');
  const command = ['--root', repository, 'build', '--as-of', asOf, '--out', site];
  try {
    await run(program, command, { maxBuffer: 64 << 20 });
  } catch (error) {
    throw new Error(`the demonstration does not build: ${program} ${command.join(' ')}\n${error.stderr || error.message}`);
  }
  return site;
}

/** The directory of the built site. */
export const site = await build();

/** Every file of the site, relative, sorted. */
export async function siteFiles() {
  const items = await readdir(site, { recursive: true, withFileTypes: true });
  return items
    .filter((item) => item.isFile())
    .map((item) => path.relative(site, path.join(item.parentPath ?? item.path, item.name)).split(path.sep).join('/'))
    .filter((file) => !file.startsWith('.taizhang/'))
    .sort();
}

/**
 * One page of each type, so that a test that looks closely need not look at
 * all; of the records the first of each kind of number, since kinds differ.
 */
export async function pagesOfEachType() {
  const files = await siteFiles();
  const below = (folder) => files.filter((file) => file.startsWith(`${folder}/`) && file.endsWith('.html'));
  const kinds = new Map();
  for (const file of below('records')) {
    const prefix = path.basename(file).match(/^\p{L}+/u)?.[0] ?? file;
    if (!kinds.has(prefix)) kinds.set(prefix, file);
  }
  const first = (folder) => {
    const [page] = below(folder);
    assert.ok(page, `the site has no page in ${folder}/`);
    return page;
  };
  first('records');
  return [
    'index.html',
    'statistics.html',
    'actions.html',
    'deadlines.html',
    'search.html',
    'changes.html',
    ...kinds.values(),
    ...below('registers'),
    first('departments'),
    first('people'),
    first('lists'),
    'organisation.html',
    'registers.html',
    first('pages'),
    first('clauses'),
    'calendar.html',
    'parties.html',
    'parties/beichen.html',
    'projects.html',
    first('projects'),
    ...below('gathered').filter((file) => !/,/.test(file)),
    'gathered/customer-file,beichen.html',
    'forms.html',
    'about.html',
    'findings.html',
    'fill.html',
    first('fill'),
  ];
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
 * Opens a page of the site, or one that is served, in a context of its own.
 *
 * What the page complains about — console errors and warnings, uncaught
 * exceptions, files that are missing, anything asked of a network — is
 * collected in `page.complaints`.
 */
export async function openPage(file, { width = widths.desk, height = 900, scheme = 'light', forcedColors = 'none', javaScript = true, media = 'screen', policy = false } = {}) {
  const context = await (await theBrowser()).newContext({
    viewport: { width, height },
    colorScheme: scheme,
    forcedColors,
    javaScriptEnabled: javaScript,
    reducedMotion: 'reduce',
    bypassCSP: !policy,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  });
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.complaints.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => page.complaints.push(`exception: ${error.message}`));
  const served = /^http:/.test(file) ? new URL(file).origin : null;
  page.on('requestfailed', (request) => {
    // a served page that is loaded again lets go of what it was listening to
    const left = served && request.failure()?.errorText === 'net::ERR_ABORTED';
    if (!left) page.complaints.push(`missing: ${request.url()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(file|data|blob|about):/.test(url) && new URL(url).origin !== served) page.complaints.push(`network: ${request.url()}`);
  });
  if (media !== 'screen') await page.emulateMedia({ media });
  if (served) {
    await page.goto(file);
    return page;
  }
  const [name, query] = file.split('?');
  await page.goto(pathToFileURL(path.join(site, name)).href + (query === undefined ? '' : `?${query}`));
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

/** Fails with every rule of axe-core that is broken, and where. */
export async function expectNoAxeViolations(page, { disable = [] } = {}) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(
    (rules) => globalThis.axe.run(document, { rules, resultTypes: ['violations'], preload: false }),
    Object.fromEntries(disable.map((rule) => [rule, { enabled: false }])),
  );
  const report = violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 5).map((node) => `    ${node.target.join(' ')}\n      ${node.html.slice(0, 160)}\n      ${node.failureSummary?.replace(/\n\s*/g, ' ')}`);
    return `${id}: ${help} (${nodes.length})\n${places.join('\n')}`;
  });
  assert.equal(violations.length, 0, `axe-core on ${page.url()}\n${report.join('\n')}`);
}

/** Fails if the page is wider than its window, naming what sticks out. */
export async function expectNoSidewaysScroll(page) {
  const { excess, culprits } = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const clipped = (element) => {
      for (let parent = element.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
        if (getComputedStyle(parent).overflowX !== 'visible') return true;
      }
      return false;
    };
    const culprits = [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > width + 1 && !clipped(element))
      .slice(0, 5)
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} ends at ${Math.round(element.getBoundingClientRect().right)}`);
    return { excess: document.documentElement.scrollWidth - width, culprits };
  });
  assert.ok(excess <= 0, `${page.url()} is ${excess} px wider than its window: ${culprits.join('; ')}`);
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

/** Keeps a picture in target/screenshots, for people to look at. */
export async function screenshot(page, name, { fullPage = true } = {}) {
  const folder = path.join(repository, 'target/screenshots');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${name.replaceAll('/', '_')}.png`);
  await page.screenshot({ path: file, fullPage });
  return file;
}

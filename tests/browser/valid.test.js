// Every page is HTML by the Nu checker, which is started once for all: the site
// for the company in its languages and for an outside party, printed forms, a
// record as one file, the review of a change, and what `serve` makes of a page.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { asOf, build, program, repository, site, siteFiles } from './site.js';

const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), 'taizhang-valid-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What the checker says that is no fault. */
const passed = [
  // 'self' is the folder for a browser that opens a file; the checker knows only hosts.
  // That nothing is blocked is seen in Chromium: pages.test.js counts its complaints.
  /^Resource violates Content Security Policy \(meta tag\): external (stylesheet|script) “(?!\/(?!__taizhang\/)|https?:)/,
  // a property of SVG 2 that the checker's list of CSS does not have
  /^CSS: “vector-effect”: Property “vector-effect” doesn't exist/,
];

/** Of the printed forms one of each layout: the first, blank and filled. */
function oneOfEachForm(files) {
  const sorts = new Map();
  for (const file of files.filter((name) => /(^|\/)forms\/.*\.html$/.test(name))) {
    const sort = `${path.dirname(file)}/${path.basename(file, '.html').replace(/^\p{L}+-\d{4}-\d{4}(?=-)/u, 'filled')}`.replace(/,.*/, '');
    if (!sorts.has(sort)) sorts.set(sort, file);
  }
  return [...sorts.values()];
}

/** What `taizhang serve` sends for a page that is there and for one that is not. */
async function served() {
  const server = spawn(program, ['--root', repository, 'serve', '--as-of', asOf, '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const address = await new Promise((done, fail) => {
      server.stdout.once('data', (line) => done(String(line).trim()));
      server.once('exit', () => fail(new Error('serve ended')));
    });
    for (const [name, page] of [['served.html', ''], ['missing.html', 'records/none.html']]) {
      const answer = await fetch(address + page);
      writeFileSync(path.join(folder, name), Buffer.from(await answer.arrayBuffer()));
    }
  } finally {
    server.kill();
  }
}

/** The review of a change to one record. */
async function review() {
  const root = path.join(folder, 'repository');
  mkdirSync(root);
  for (const part of ['taizhang.toml', 'records']) cpSync(path.join(repository, part), path.join(root, part), { recursive: true });
  const git = (...words) => run('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', '-C', root, ...words]);
  await git('init', '-q');
  await git('add', '-A');
  await git('commit', '-qm', 'x');
  const record = path.join(root, 'records/2026/XT-2026-0012.toml');
  writeFileSync(record, readFileSync(record, 'utf8').replace(/^title = ".*"$/m, 'title = "星曜S3 Pro－硬件设计－冻结V3.0"'));
  // a change that breaks a rule is a review as well
  const { stdout } = await run(program, ['--root', root, 'review', '--as-of', asOf, '--base', 'HEAD', '--format', 'html'], { maxBuffer: 64 << 20 }).catch((error) => error);
  assert.match(stdout, /<!doctype html>[^]*V3\.0/i);
  writeFileSync(path.join(folder, 'review.html'), stdout);
  rmSync(root, { recursive: true });
}

/** File → what is wrong with it. */
const faults = new Map();

before(async () => {
  const [outside] = await Promise.all([
    build(['--forms', 'html', '--audience', 'public:beichen']),
    run(program, ['--root', repository, 'export', 'XT-2026-0012', '--as-of', asOf, '--out', path.join(folder, 'record.html')]),
    review(),
    served(),
  ]);
  const pages = [];
  for (const root of [site, outside]) {
    const files = await siteFiles(root);
    const pick = [...files.filter((file) => file.endsWith('.html') && !/(^|\/)forms\//.test(file)), ...oneOfEachForm(files)];
    pages.push(...pick.map((file) => path.join(root, file)));
  }
  for (const name of ['record.html', 'review.html', 'served.html', 'missing.html']) pages.push(path.join(folder, name));
  assert.ok(pages.length > 600, `${pages.length} pages`);
  const checker = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');
  const { stdout } = await run('java', ['-Xss4m', '-jar', checker, '--format', 'json', '--exit-zero-always', '--stdout', ...pages], { maxBuffer: 512 << 20 });
  for (const page of pages) faults.set(page, []);
  const byAddress = new Map(pages.map((page) => [decodeURI(pathToFileURL(page).href).replace('file:///', 'file:/'), page]));
  for (const { type, subType, url, message, lastLine, extract } of JSON.parse(stdout).messages) {
    assert.notEqual(type, 'non-document-error', message);
    if ((type === 'info' && subType !== 'warning') || passed.some((known) => known.test(message))) continue;
    const page = byAddress.get(decodeURI(url).replace('file:///', 'file:/')) ?? url;
    faults.set(page, [...(faults.get(page) ?? []), `${path.basename(page)}:${lastLine} ${message} ${JSON.stringify(extract ?? '')}`]);
  }
});

const wrong = (belongs) => [...faults].filter(([page]) => belongs(page)).flatMap(([, all]) => all);
const said = (all) => assert.deepEqual(all.slice(0, 20), [], `${all.length} faults`);

describe('the Nu checker finds nothing wrong', () => {
  test('with any page of the site', () => said(wrong((page) => page.startsWith(site) && !page.includes('/forms/'))));
  test('with printed forms', () => said(wrong((page) => page.includes('/forms/'))));
  test('with the site of an outside party', () => said(wrong((page) => !page.startsWith(site) && !page.startsWith(folder) && !page.includes('/forms/'))));
  for (const [name, what] of [['record', 'a record as one file'], ['review', 'the review of a change'], ['served', 'a page that is served'], ['missing', 'the answer where there is no page']]) {
    test(`with ${what}`, () => said(wrong((page) => page === path.join(folder, `${name}.html`))));
  }
});

test('the checker does find what is wrong', async () => {
  const page = path.join(folder, 'wrong.html');
  writeFileSync(page, '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>x</title></head><body><p><table></table></p></body></html>');
  const checker = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');
  const { stdout } = await run('java', ['-jar', checker, '--stdout', '--exit-zero-always', page]);
  assert.match(stdout, /error/);
});

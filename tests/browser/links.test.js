// Every link leads somewhere, and every page can be reached.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { before, test } from 'node:test';
import { openPage, site, siteFiles, withPage } from './site.js';

/** Page → what it refers to and the anchors it offers. */
const pages = new Map();
let files;

before(async () => {
  files = new Set(await siteFiles());
  // Chromium reads the pages: its parser is the one that counts.
  const reader = await openPage('index.html', { javaScript: true });
  for (const file of files) {
    if (!file.endsWith('.html')) continue;
    const html = await readFile(path.join(site, file), 'utf8');
    pages.set(
      file,
      await reader.evaluate((text) => {
        const page = new DOMParser().parseFromString(text, 'text/html');
        const read = (selector, attribute) => [...page.querySelectorAll(selector)].map((element) => element.getAttribute(attribute));
        return {
          links: read('a[href], area[href]', 'href'),
          parts: [
            ...read('link[href]:not([rel~=canonical])', 'href'),
            ...read('[src]', 'src'),
            ...read('[srcset]', 'srcset').flatMap((set) => set.split(',').map((one) => one.trim().split(/\s/)[0])),
          ],
          forms: read('form[action]', 'action'),
          anchors: [...read('[id]', 'id'), ...read('a[name]', 'name')],
          duplicates: read('[id]', 'id').filter((id, index, all) => all.indexOf(id) !== index),
          policy: page.querySelector('meta[http-equiv=Content-Security-Policy]')?.content ?? '',
          inline: [...page.querySelectorAll('style, script:not([src]), [style]')].map((element) => element.outerHTML.slice(0, 80)).concat(
            [...page.querySelectorAll('*')].flatMap((element) => [...element.attributes].filter(({ name, value }) => name.startsWith('on') || /^\s*javascript:/i.test(value)).map(({ name }) => `${element.tagName} ${name}`))),
          base: page.querySelector('base')?.href ?? null,
        };
      }, html),
    );
  }
  await reader.context().close();
});

const scheme = /^[a-z][a-z0-9+.-]*:/i;

/** The file and anchor a reference leads to; null if it leaves the site. */
function target(from, reference) {
  if (scheme.test(reference) || reference.startsWith('//')) return null;
  const [place, anchor = ''] = reference.split('#');
  const [name] = place.split('?');
  const file = name === '' ? from : path.posix.join(path.posix.dirname(from), decodeURIComponent(name));
  return { file, anchor: decodeURIComponent(anchor), absolute: name.startsWith('/') };
}

test('every reference within the site resolves', () => {
  const faults = [];
  for (const [from, { links, parts, forms }] of pages) {
    for (const reference of [...links, ...parts, ...forms]) {
      const place = target(from, reference);
      if (!place) continue;
      if (place.absolute) faults.push(`${from}: ${reference} is not relative`);
      else if (!files.has(place.file)) faults.push(`${from}: ${reference} does not exist`);
      else if (place.anchor && place.anchor !== 'top' && pages.has(place.file) && !pages.get(place.file).anchors.includes(place.anchor))
        faults.push(`${from}: ${reference} names an anchor that is not there`);
    }
  }
  assert.deepEqual(faults.slice(0, 40), [], `${faults.length} faults`);
});

test('no page needs anything from a network', () => {
  const faults = [];
  for (const [from, { links, parts, base }] of pages) {
    for (const part of parts) if (!part.startsWith('data:') && !target(from, part)) faults.push(`${from}: ${part}`);
    for (const link of links) if (scheme.test(link) && !/^(https?|mailto|tel|webcal):/i.test(link)) faults.push(`${from}: ${link}`);
    if (base) faults.push(`${from}: <base>`);
  }
  assert.deepEqual(faults, []);
});

test('no page has or allows a script or a style of its own', () => {
  const faults = [];
  for (const [from, { policy, inline }] of pages) {
    if (!/^default-src 'none'; style-src 'self'/.test(policy) || /unsafe|\*|https?:/.test(policy)) faults.push(`${from}: ${policy}`);
    for (const piece of inline) faults.push(`${from}: ${piece}`);
  }
  assert.deepEqual(faults.slice(0, 40), [], `${faults.length} faults`);
});

test('below another address all is as in a folder', async () => {
  const types = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };
  const server = createServer(async (request, answer) => {
    const [, name] = decodeURI(new URL(request.url, 'http://x').pathname).match(/^\/a\/台账\/(.*)/) ?? [];
    const file = name !== undefined && files.has(name) ? await readFile(path.join(site, name)) : null;
    answer.writeHead(file ? 200 : 404, { 'content-type': types[name?.split('.').at(-1)] ?? 'application/octet-stream' });
    answer.end(file ?? '');
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  try {
    const from = `http://127.0.0.1:${server.address().port}/a/${encodeURI('台账')}`;
    const register = [...files].find((file) => /^registers\/[^/]*\.html$/.test(file));
    for (const page of ['index.html', 'deadlines.html?late=1', `${register}?sort=owner`, 'search.html?q=方案', 'fill/collaboration.html', [...files].find((file) => /^records\/.*html$/.test(file))]) {
      await withPage(page, { from }, async (one) => {
        await one.waitForLoadState('networkidle');
        assert.deepEqual(one.complaints, []);
        const shown = { 'search.html': '.found .title', 'fill/collaboration.html': '#fill-file' }[page.split('?')[0]] ?? 'main a';
        await one.locator(shown).first().waitFor();
      });
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('every page can be reached from the entrance', () => {
  const reached = new Set(['index.html']);
  for (const from of reached) {
    for (const link of pages.get(from)?.links ?? []) {
      const place = target(from, link);
      if (place && pages.has(place.file)) reached.add(place.file);
    }
  }
  const lost = [...pages.keys()].filter((page) => !reached.has(page) && page !== '404.html');
  assert.deepEqual(lost, []);
});

test('no identifier stands twice on a page', () => {
  const faults = [...pages].filter(([, { duplicates }]) => duplicates.length > 0).map(([page, { duplicates }]) => `${page}: ${duplicates}`);
  assert.deepEqual(faults, []);
});

// A page says as of when it is true. Read later, rows whose due instant has
// passed since are marked by a script; no other word changes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asOf, pagesOfEachType, withPage } from './site.js';

const after = (days) => new Date(Date.parse(asOf) + days * 86400000).toISOString();
const pages = await pagesOfEachType();
const marked = ['index.html', 'deadlines.html', 'calendar.html', ...['people/', 'records/XT', 'parties/', 'lists/'].map((start) => pages.find((page) => page.startsWith(start)))];

/** The rows with a due instant, their marks, and all text without them. */
const read = (file, now) =>
  withPage(file, { now }, (page) => page.evaluate(() => {
    const rows = [...document.querySelectorAll('[data-due]')].map((row) => (
      { due: row.dataset.due, tone: row.dataset.tone, marks: row.querySelectorAll('.since-late').length, shown: row.checkVisibility() }));
    document.querySelectorAll('.since-late').forEach((mark) => mark.remove());
    return { rows, text: document.body.innerText.replace(/\s+/g, ' ') };
  }));
const instant = (iso) => Date.parse(iso.length === 10 ? `${iso}T23:59:59.999+08:00` : iso);

describe('what became overdue since the page was made', () => {
  for (const file of marked) {
    test(`is marked, and only that: ${file}`, async () => {
      const fresh = await read(file, after(0.01));
      const now = after(12);
      const later = await read(file, now);
      assert.deepEqual(fresh.rows.filter(({ marks, due }) => marks > 0 && instant(due) > Date.parse(after(0.01))), []);
      const passed = ({ due, tone }) => ['soon', 'pending', 'waiting'].includes(tone) && instant(due) > Date.parse(asOf) && instant(due) < Date.parse(now);
      for (const row of later.rows) assert.equal(row.marks, passed(row) ? 1 : 0, JSON.stringify(row));
      assert.equal(later.text, fresh.text);
    });
  }

  test('is there to be marked at all', async () => {
    const { rows } = await read('index.html', after(12));
    assert.ok(rows.some(({ marks }) => marks === 1) && rows.some(({ marks }) => marks === 0));
  });

  test('is not marked any more on a page that nobody has made anew for a month: its date says all', async () => {
    const { rows } = await read('index.html', after(40));
    assert.ok(rows.every(({ marks }) => marks === 0));
  });
});

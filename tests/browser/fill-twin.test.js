// The checks of a form in the browser are twins of those of `check`, and the
// file that it writes is a twin of that of `taizhang new`: here each is held
// against the other. No browser is needed, the scripts touch no page.
//
// Every case of tests/data/kind-rules edits a copy of a record of the
// demonstration, under a number of its own, so that one build and one check
// judge all of them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const program = process.env.TAIZHANG ?? path.join(repository, 'target/debug/taizhang');
const folder = mkdtempSync(path.join(tmpdir(), 'taizhang-fill-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (root, ...command) => {
  try {
    return execFileSync(program, ['--root', root, ...command], { encoding: 'utf8', maxBuffer: 256 << 20, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    if (error.status === 1) return error.stdout;
    throw new Error(`${command.join(' ')}: ${error.stderr}`);
  }
};

/** Edits of records: `[from, to]` pairs by rule, as tests/kind_rules.rs reads them. */
function cases() {
  const data = path.join(repository, 'tests/data/kind-rules');
  return readdirSync(data).flatMap((file) => {
    const [, ...blocks] = readFileSync(path.join(data, file), 'utf8').split(/^\[\[cases\]\]$/m);
    return blocks.flatMap((block) => {
      const value = (key) => new RegExp(`^${key} = (.*(?:\\n(?![a-z]+ = |\\[\\[|#|$).*)*)`, 'm').exec(block)?.[1];
      const pairs = (key) => JSON.parse((value(key) ?? '[]').replace(/,\s*\]/g, ']'));
      const [rule, record] = [JSON.parse(value('rule')), JSON.parse(value('record'))];
      return ['breaks', 'passes'].map((edge) => ({ rule, record, edge, edits: pairs(edge) })).filter(({ edits }) => edits.length);
    });
  });
}

/** A copy of the demonstration with a record for each case. */
function withCases() {
  const root = path.join(folder, 'cases');
  mkdirSync(root);
  cpSync(path.join(repository, 'taizhang.toml'), path.join(root, 'taizhang.toml'));
  cpSync(path.join(repository, 'records'), path.join(root, 'records'), { recursive: true });
  const made = cases().map(({ rule, record, edge, edits }, index) => {
    const [prefix, year] = record.split('-');
    const id = `${prefix}-${year}-${5000 + index}`;
    let text = readFileSync(path.join(root, 'records', year, `${record}.toml`), 'utf8');
    for (const [from, to] of edits) {
      assert.ok(text.includes(from), `${rule}: ${record} has no ${from}`);
      text = text.replaceAll(from, to);
    }
    const file = `records/${year}/${id}.toml`;
    writeFileSync(path.join(root, file), text.replace(`id = "${record}"`, `id = "${id}"`));
    return { rule, edge, file, id };
  });
  return { root, made };
}

/** The scripts of the form, with the data of a site; no page. */
function scripts(site) {
  const context = vm.createContext({ Intl });
  const load = (file) => vm.runInContext(readFileSync(file, 'utf8'), context, { filename: file });
  for (const name of ['expression', 'values', 'wording', 'value-checks', 'checks', 'toml-writer', 'forge']) {
    load(path.join(repository, `site/assets/fill/${name}.js`));
  }
  const taizhang = context.taizhangForm;
  const data = { kinds: {}, company: null, record: null };
  taizhang.company = (company) => { data.company = company; };
  taizhang.form = (kind) => { data.kinds[kind.id] = kind; };
  taizhang.record = (record) => { data.record = record; };
  const fill = path.join(site, 'fill');
  load(path.join(fill, 'company.js'));
  for (const file of readdirSync(fill).filter((name) => /^kind-.*\.js$/.test(name))) load(path.join(fill, file));
  const records = readdirSync(fill).filter((name) => /^record-.*\.js$/.test(name)).map((name) => { load(path.join(fill, name)); return data.record; });
  return { taizhang, ...data, records };
}

const { root, made } = withCases();
const site = path.join(folder, 'site');
run(root, 'build', '--forms', 'none', '--out', site);
const form = scripts(site);
const theirs = new Map();
for (const finding of JSON.parse(run(root, 'check', '--format', 'json')).findings) {
  theirs.set(finding.path, [...(theirs.get(finding.path) ?? []), finding]);
}
const claimed = new Set(form.taizhang.RULES);
for (const kind of Object.values(form.kinds)) kind.rules.forEach((rule) => claimed.add(rule.id));
const words = (findings) => findings.filter(({ rule }) => claimed.has(rule)).map(({ rule, level, clause, message, help }) => [rule, level, clause ?? '', message, help || ''].join(' | ')).sort();
const judged = new Map(form.records.map((record) => [record.path, form.taizhang.judge(new form.taizhang.Reader(form.kinds[record.values.kind], form.company), record.values)]));

describe('a form finds what `check` finds', () => {
  test('in every record of the demonstration, and in every one that breaks a rule or just passes', () => {
    assert.ok(made.length > 300, `${made.length} cases`);
    const different = [];
    for (const record of form.records) {
      const [mine, its] = [words(judged.get(record.path)), words(theirs.get(record.path) ?? [])];
      if (mine.join('\n') === its.join('\n')) continue;
      const which = made.find(({ file }) => file === record.path);
      different.push(`${record.path} ${which ? `${which.edge} ${which.rule}` : ''}\n  form:  ${mine.filter((it) => !its.includes(it)).join('\n         ')}\n  check: ${its.filter((it) => !mine.includes(it)).join('\n         ')}`);
    }
    assert.equal(different.length, 0, `${different.length} of ${form.records.length}\n${different.slice(0, 20).join('\n')}`);
  });

  test('and every rule of every kind is among what it can tell', () => {
    const rules = Object.values(form.kinds).flatMap((kind) => kind.rules);
    assert.deepEqual(rules.filter((rule) => rule.assert === null).map(({ id }) => id), []);
    const found = new Set([...judged.values()].flat().map(({ rule }) => rule));
    const broken = new Set([...theirs.values()].flat().map(({ rule }) => rule));
    // what is confidential is not on this site, and a case may rest on the number it had
    const shown = made.filter(({ edge, rule, file }) => edge === 'breaks' && judged.has(file) && broken.has(rule)).map(({ rule }) => rule);
    assert.deepEqual(shown.filter((rule) => !found.has(rule)), []);
    assert.ok(new Set(shown).size > 0.9 * rules.length, `${new Set(shown).size} of ${rules.length} rules`);
  });
});

/** A record without what says nothing, so that two can be compared. */
const bare = (value) => {
  if (Array.isArray(value)) return value.map(bare);
  if (value === null || typeof value !== 'object') return value;
  const says = (each) => each !== '' && !(typeof each === 'object' && !Object.keys(each).length);
  const entries = Object.entries(value).map(([key, each]) => [key, bare(each)]).filter(([, each]) => says(each));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
};

describe('a form writes what `taizhang new` writes', () => {
  test('byte for byte for an empty form of every kind', () => {
    const empty = path.join(folder, 'empty');
    mkdirSync(empty);
    cpSync(path.join(root, 'taizhang.toml'), path.join(empty, 'taizhang.toml'));
    cpSync(path.join(root, 'records/organisation'), path.join(empty, 'records/organisation'), { recursive: true });
    const person = form.company.people.find((one) => !one.left && one.department);
    for (const kind of Object.values(form.kinds)) {
      const file = run(empty, 'new', kind.id, '--short', '--title', '样机"A"\\B－试产', '--person', person.id).trim();
      const text = readFileSync(path.resolve(empty, file), 'utf8');
      const id = /^id = "(.*)"$/m.exec(text)[1];
      // the examples of a day and of an instant in the comments
      const now = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00[+-]\d{2}:\d{2}/.exec(text)[0];
      const record = { kind: kind.id, id, title: '样机"A"\\B－试产', state: kind.states.find(({ phase }) => phase === 'draft').id, sections: {} };
      for (const section of kind.sections) {
        for (const field of section.fields.filter(({ prefill }) => prefill)) {
          const value = { person: person.id, department: person.department, date: now.slice(0, 10), instant: now }[field.type];
          (record.sections[section.id] ??= {})[field.id] = field.many ? [value] : value;
        }
        // who begins a record answers for it, but that alone begins no section
        if (!section.fields.some(({ asked }) => asked) && !text.includes(`\n[${section.id}]\n`)) delete record.sections[section.id];
      }
      assert.equal(form.taizhang.toToml(kind, form.company, record, { today: now.slice(0, 10), now }), text, kind.id);
    }
  });

  test('and every record of the demonstration says the same after it was taken up and written again', () => {
    const again = path.join(folder, 'again');
    cpSync(root, again, { recursive: true });
    const records = form.records.filter(({ trouble }) => !trouble.length);
    assert.deepEqual(form.records.filter(({ trouble, path: file }) => trouble.length && !made.some((each) => each.file === file)).map((record) => record.path), []);
    for (const record of records) {
      const kind = form.kinds[record.values.kind];
      const text = form.taizhang.toToml(kind, form.company, record.values, { comments: false, leaveOpen: false, schema: record.schema });
      writeFileSync(path.join(again, record.path), text);
    }
    const written = path.join(folder, 'again-site');
    run(again, 'build', '--forms', 'none', '--out', written);
    const twins = new Map(scripts(written).records.map((record) => [record.path, record]));
    for (const record of records) {
      const values = { audience: 'internal', ...twins.get(record.path).values };
      assert.equal(JSON.stringify(bare(values)), JSON.stringify(bare({ audience: 'internal', ...record.values })), record.path);
      assert.equal(twins.get(record.path).comments, 0);
    }
    const findings = (text) => JSON.parse(text).findings.map(({ path: file, rule, message }) => `${file} ${rule} ${message}`).sort();
    assert.deepEqual(findings(run(again, 'check', '--format', 'json')), findings(run(root, 'check', '--format', 'json')));
  });

  test('whatever a text holds', () => {
    const kind = Object.values(form.kinds).find(({ sections }) => sections.some((section) => !section.repeated && section.fields.some(({ type }) => type === 'markdown')));
    const section = kind.sections.find((each) => !each.repeated && each.fields.some(({ type }) => type === 'markdown'));
    const field = section.fields.find(({ type }) => type === 'markdown');
    const texts = ['"""\n', 'a""""b\n\\n\n', 'ends in "\nquote"', '\ttab\u0001\u007f\r\n# no comment\n', "'''\n[x]\ny = 1\n", '\u2028\ud83d\ude00\\u0041\n'];
    const hostile = path.join(folder, 'hostile');
    mkdirSync(path.join(hostile, 'records'), { recursive: true });
    cpSync(path.join(root, 'taizhang.toml'), path.join(hostile, 'taizhang.toml'));
    cpSync(path.join(root, 'records/organisation'), path.join(hostile, 'records/organisation'), { recursive: true });
    texts.forEach((text, index) => {
      const id = kind.number.next.replace(/\d+$/, String(7000 + index));
      const record = { kind: kind.id, id, title: text, state: kind.states[0].id, sections: { [section.id]: { [field.id]: text } } };
      writeFileSync(path.join(hostile, 'records', `${id}.toml`), form.taizhang.toToml(kind, form.company, record, { comments: true, today: 'x', now: 'y' }));
    });
    run(hostile, 'build', '--forms', 'none', '--out', path.join(folder, 'hostile-site'));
    const { records } = scripts(path.join(folder, 'hostile-site'));
    assert.equal(records.length, texts.length);
    records.forEach((record, index) => {
      assert.equal(record.trouble.length, 0);
      assert.equal(record.values.title, texts[index]);
      assert.equal(record.values.sections[section.id][field.id], texts[index]);
    });
  });
});

describe('the way to the forge', () => {
  const { create, edit, LONGEST } = form.taizhang.forge;
  const of = (kind) => ({ kind, url: 'https://git.example.com/公司/台账', branch: 'main' });

  test('takes name and text along where the forge takes them', () => {
    assert.equal(create(of('github'), 'records/2026/甲 1.toml', 'a = "b&c"\n').href, 'https://git.example.com/公司/台账/new/main?filename=records%2F2026%2F%E7%94%B2%201.toml&value=a%20%3D%20%22b%26c%22%0A');
    assert.match(create(of('forgejo'), 'records/x.toml', '').href, /\/_new\/main\?filename=records%2Fx\.toml&value=$/);
    assert.match(create(of('gitlab'), 'records/2026/x.toml', 'a').href, /\/-\/new\/main\/records\/2026\?file_name=x\.toml$/);
    assert.deepEqual({ ...create(of('gitcode'), 'records/x.toml', 'a') }, { href: of('gitcode').url, filled: false, named: false });
    assert.match(edit(of('gitea'), 'records/x.toml'), /\/_edit\/main\/records\/x\.toml$/);
    assert.match(edit(of('gitlab'), 'records/x.toml'), /\/-\/edit\/main\/records\/x\.toml$/);
  });

  test('and never makes an address that a server would refuse', () => {
    const { href, filled } = create(of('github'), 'records/x.toml', '字'.repeat(900));
    assert.equal(filled, false);
    assert.ok(href.length < LONGEST && !href.includes('value='));
  });
});

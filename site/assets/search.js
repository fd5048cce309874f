// The search page: reads the files of the index that a query needs and shows
// what they tell. No request but <script> elements, so it works from a folder
// and under a strict Content-Security-Policy. How the index is laid out stands
// in src/site/search/mod.rs; fold and shard below are twins of fold.rs and shards.rs.
"use strict";
(() => {
  const form = document.querySelector(".search-form");
  if (!form) return;
  const field = form.elements.q;
  const list = document.querySelector(".found");
  const status = document.querySelector(".search-status");
  const more = document.querySelector(".search-more");
  const retry = document.querySelector(".search-retry");
  const phrases = form.dataset;
  const say = (text, count) => text.replace("{count}", count);

  /** Results of one page. */
  const PAGE = 20;
  /** So few candidates are checked in their texts, which are read anyway to be shown. */
  const CHECKED_IN_TEXT = 20;
  /** Characters of a passage before its match, and in all. */
  const BEFORE = 24, PASSAGE = 110;

  // ---- Files ---------------------------------------------------------------

  /** Name of a file → promise of its content. A file that failed is asked for again. */
  const files = new Map();
  const waiting = new Map();
  window.taizhang.take = (name, content) => waiting.get(name)?.(content);

  function load(name, fresh = false) {
    if (!fresh && files.has(name)) return files.get(name);
    const promise = new Promise((resolve, reject) => {
      waiting.set(name, resolve);
      const script = document.createElement("script");
      // A head that names files which are gone is an old one out of the cache.
      script.src = `search/${name}.js${fresh ? `?${Date.now()}` : ""}`;
      const ended = () => { waiting.delete(name); script.remove(); };
      // After `take` this rejects nothing: a promise is settled once.
      const failed = () => { ended(); reject(new Error(name)); };
      script.addEventListener("load", failed);
      script.addEventListener("error", failed);
      document.head.append(script);
    });
    files.set(name, promise);
    promise.catch(() => { if (files.get(name) === promise) files.delete(name); });
    return promise;
  }

  /** The numbers in a text: see integers.rs. */
  function* integers(text) {
    for (const character of text) {
      let code = character.codePointAt(0);
      if (code >= 0xe000) code -= 0x800;
      if (code > 0x5c) code -= 1;
      yield code - 0x23;
    }
  }

  function shard(term, count) {
    let hash = 0x811c9dc5;
    for (let at = 0; at < term.length; at += 1) hash = Math.imul(hash ^ term.charCodeAt(at), 0x01000193);
    return (hash >>> 0) % count;
  }

  // ---- Text as the index knows it --------------------------------------------

  const isWord = (unit) => (unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x7a)
    || (unit >= 0xc0 && unit <= 0x24f) || (unit >= 0x370 && unit <= 0x52f) || (unit >= 0x1e00 && unit <= 0x1fff);
  const BLANK = /[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
  const IGNORED = /[\0-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]/;

  /** Folds a text; `origins` receives for each unit where the written character began and ended. */
  function fold(text, origins) {
    let out = "", blank = false, at = 0;
    for (const [cluster] of text.matchAll(/[^]\p{M}*/gu)) {
      for (const character of cluster.normalize("NFKC")) {
        if (BLANK.test(character)) { blank = true; continue; }
        if (IGNORED.test(character)) continue;
        const lower = character.toLowerCase();
        if (blank && out && isWord(out.charCodeAt(out.length - 1)) && isWord(lower.charCodeAt(0))) {
          out += " ";
          origins?.push([at, at]);
        }
        blank = false;
        out += lower;
        if (origins) for (let unit = 0; unit < lower.length; unit += 1) origins.push([at, at + cluster.length]);
      }
      at += cluster.length;
    }
    return out;
  }

  /** The parts of what is asked; each must be found. */
  function partsOf(question) {
    const parts = question.normalize("NFKC").split(BLANK).map((part) => fold(part)).filter(Boolean);
    return [...new Set(parts)].filter((part, at, all) => !all.some((other, index) => index !== at && other.includes(part)));
  }

  /** Terms that together are the part, with the place of each in it: see terms.rs. */
  function cover(part) {
    const inWord = (at) => isWord(part.charCodeAt(at)) && isWord(part.charCodeAt(at + 1));
    const { length } = part;
    if (length < 3 || (length === 3 && (inWord(0) || inWord(1)))) return [{ term: part, at: 0 }];
    const terms = [];
    for (let next = 0; next < length;) {
      const pair = Math.min(next, length - 2);
      const at = inWord(pair) ? Math.min(pair, length - 4) : pair;
      const end = at + (inWord(pair) ? 4 : 2);
      terms.push({ term: part.slice(at, end), at });
      next = end;
    }
    return terms;
  }

  /** The term that ends a part, in whose file the number stands that is just this part. */
  function lastTerm(part) {
    const terms = cover(part);
    if (terms.length === 1 && part.length < 4) return part;
    const inWord = isWord(part.charCodeAt(part.length - 2)) && isWord(part.charCodeAt(part.length - 1));
    return part.slice(inWord ? -4 : -2);
  }

  // ---- One segment -------------------------------------------------------------

  /** What is known of a segment: its head, with the texts' first documents. */
  async function headOf(name, fresh) {
    const head = await load(name, fresh);
    if (!head.firsts) {
      head.firsts = [0];
      for (const count of integers(head.texts)) head.firsts.push(head.firsts.at(-1) + count);
    }
    return head;
  }

  const entry = async (head, sort, count, term, key = term) => {
    const content = await load(`${head.folder}/${sort}${shard(term, count)}`);
    return Object.hasOwn(content, key) ? content[key] : "";
  };

  /** The documents of a term: those with it in number or title, those with it in their lines. */
  async function documentsOf(head, term, key) {
    const numbers = integers(await entry(head, "d", head.documentShards, term, key));
    const inTitle = numbers.next().value ?? 0;
    const read = (count) => {
      const documents = [];
      let next = 0;
      while (documents.length < count) {
        const { value, done } = numbers.next();
        if (done) break;
        documents.push(next + value);
        next += value + 1;
      }
      return documents;
    };
    return [read(inTitle), read(Infinity)];
  }

  /** The places of a term in those documents that are wanted: a map for titles, one for lines. */
  async function placesOf(head, term, documents, wanted) {
    const numbers = integers(await entry(head, "p", head.placeShards, term));
    return documents.map((of, part) => {
      const places = new Map();
      for (const document of of) {
        const here = wanted[part].has(document) ? [] : null;
        let place = 0;
        for (;;) {
          const { value, done } = numbers.next();
          if (done) break;
          place += value >> 1;
          here?.push(place);
          if (!(value & 1)) break;
        }
        if (here) places.set(document, here);
      }
      return places;
    });
  }

  async function textOf(head, document) {
    let low = 0, high = head.firsts.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (head.firsts[middle] <= document) low = middle; else high = middle;
    }
    const [labels, texts] = await load(`${head.folder}/t${low}`);
    const [number, title, address, day, kind, department, state, lines] = texts[document - head.firsts[low]];
    return { number, title, address, day, kind: head.kinds[kind], department: head.departments[department], state: head.states[state], lines, labels };
  }

  const meet = (lists) => lists.reduce((some, others) => { const set = new Set(others); return some.filter((one) => set.has(one)); });

  /** Candidates for a part: documents that have all its terms, in titles and in lines. */
  async function candidates(head, part) {
    const terms = cover(part);
    const lists = await Promise.all(terms.map(({ term }) => documentsOf(head, term)));
    return { part, terms, lists, found: [0, 1].map((of) => meet(lists.map((list) => list[of]))), sure: terms.length === 1 };
  }

  /** Of the candidates those in which the terms follow each other. */
  async function checkPlaces(head, candidate) {
    const wanted = candidate.found.map((documents) => new Set(documents));
    const { terms, lists } = candidate;
    const all = await Promise.all(terms.map(({ term }, index) => placesOf(head, term, lists[index], wanted)));
    candidate.found = candidate.found.map((documents, of) => documents.filter((document) => {
      const starts = all.map((places, index) => (places[of].get(document) ?? []).map((place) => place - terms[index].at));
      return meet(starts).length > 0;
    }));
  }

  /** The same by reading the texts themselves. */
  async function checkTexts(head, candidate) {
    const { part } = candidate;
    const holds = async (document, inTitle) => {
      const text = await textOf(head, document);
      const lines = inTitle ? [text.number, text.title] : text.lines.filter((_, at) => at % 2);
      return lines.some((line) => fold(line).includes(part));
    };
    candidate.found = await Promise.all(candidate.found.map(async (documents, of) => {
      const held = await Promise.all(documents.map((document) => holds(document, of === 0)));
      return documents.filter((_, at) => held[at]);
    }));
  }

  /** Only documents that have every part somewhere remain candidates for any. */
  function narrow(all) {
    const together = new Set(meet(all.map(({ found }) => [...new Set(found.flat())])));
    for (const candidate of all) candidate.found = candidate.found.map((documents) => documents.filter((one) => together.has(one)));
    return together;
  }

  // ---- A query -------------------------------------------------------------------

  const segments = phrases.segments.split(" ").filter(Boolean);
  const FILTERS = { kind: ["kinds", 0], department: ["departments", 0], state: ["states", 1], audience: ["audiences", 0] };

  /** Which documents of a segment the filters let through; all of them without one. */
  async function filterOf(head, filters) {
    const wanted = Object.entries(FILTERS).filter(([name]) => filters[name]);
    if (!wanted.length) return () => true;
    const facets = await load(`${head.folder}/facets`);
    const tests = wanted.map(([name, [table, column]]) => {
      const numbers = [...integers(facets[name])];
      const allowed = new Set();
      head[table].forEach((named, number) => { if (named[column] === filters[name]) allowed.add(number); });
      return (document) => allowed.has(numbers[document]);
    });
    return (document) => tests.every((test) => test(document));
  }

  /**
   * All that is found, best first: the number itself, then titles, then lines;
   * of these the newest first. `lost` counts the segments that could not be read.
   */
  async function find(question, filters, fresh = false) {
    const parts = partsOf(question);
    let lost = 0;
    const attempt = async (work) => { try { return await work(); } catch { lost += 1; return null; } };
    const looked = await Promise.all(segments.map((name, order) => attempt(async () => {
      const head = await headOf(name, fresh);
      if (filters.year && String(head.year) !== filters.year) return null;
      const [all, numbered, allowed] = await Promise.all([
        Promise.all(parts.map((part) => candidates(head, part))),
        parts.length === 1 ? documentsOf(head, lastTerm(parts[0]), `=${parts[0]}`) : [[]],
        filterOf(head, filters),
      ]);
      const together = narrow(all);
      for (const candidate of all) candidate.found = candidate.found.map((documents) => documents.filter(allowed));
      return { head, order, all, numbered: new Set(numbered[0]), open: [...together].filter(allowed).length };
    })));
    const searched = looked.filter(Boolean);
    const unsure = searched.filter(({ all }) => all.some(({ sure }) => !sure));
    const inText = unsure.reduce((sum, { open }) => sum + open, 0) <= CHECKED_IN_TEXT;
    await Promise.all(unsure.map((one) => attempt(async () => {
      const check = inText ? checkTexts : checkPlaces;
      // What could not be checked is not shown.
      const unchecked = one.all;
      one.all = [];
      await Promise.all(unchecked.filter(({ sure }) => !sure).map((candidate) => check(one.head, candidate)));
      one.all = unchecked;
    })));
    const hits = [];
    for (const { head, order, all, numbered } of searched) {
      if (!all.length) continue;
      const together = narrow(all);
      const titles = all.map(({ found }) => new Set(found[0]));
      for (const document of together) {
        const rank = numbered.has(document) ? 0 : titles.every((set) => set.has(document)) ? 1 : 2;
        hits.push({ head, order, document, rank });
      }
    }
    hits.sort((a, b) => a.rank - b.rank || a.order - b.order || b.document - a.document);
    // The site may have been built again since this page was opened or kept.
    if (lost && !fresh) return find(question, filters, true);
    return { parts, hits, lost };
  }

  // ---- Showing ---------------------------------------------------------------------

  const element = (name, className, ...content) => window.taizhang.make(name, { class: className || null }, ...content);

  /** Where the parts stand in a text, as pairs of its indices, in order and apart. */
  function marksIn(text, parts) {
    const origins = [];
    const folded = fold(text, origins);
    const marks = [];
    for (const part of parts) {
      for (let at = folded.indexOf(part); at >= 0; at = folded.indexOf(part, at + part.length)) {
        marks.push([origins[at][0], origins[at + part.length - 1][1]]);
      }
    }
    marks.sort((a, b) => a[0] - b[0]);
    return marks.filter((mark, index) => index === 0 || mark[0] >= marks[index - 1][1]);
  }

  /** A text from `from` to `to` with its marks, as text and <mark> elements. */
  function marked(text, marks, from = 0, to = text.length) {
    const out = [];
    let at = from;
    for (const [start, end] of marks) {
      if (start < at || end > to) continue;
      out.push(text.slice(at, start), element("mark", "", text.slice(start, end)));
      at = end;
    }
    out.push(text.slice(at, to));
    return out.filter((piece) => piece !== "");
  }

  /** The line that says most of what was asked, cut to size; none if only the title does. */
  function passageOf({ lines, labels }, parts) {
    let best = null;
    for (let at = 0; at < lines.length; at += 2) {
      const folded = fold(lines[at + 1]);
      const count = parts.filter((part) => folded.includes(part)).length;
      // of lines that say as much, a sentence tells more than a name
      const worth = count && count + Math.min(folded.length, 40) / 100;
      if (worth > (best?.worth ?? 0)) best = { worth, label: labels[lines[at]], text: lines[at + 1] };
    }
    if (!best) return null;
    const { label, text } = best;
    const marks = marksIn(text, parts);
    let from = Math.max(0, (marks[0]?.[0] ?? 0) - BEFORE);
    let to = Math.min(text.length, Math.max(from + PASSAGE, marks[0]?.[1] ?? 0));
    from = Math.max(0, Math.min(from, to - PASSAGE));
    // no half of a character written as a pair
    if (from && /[\udc00-\udfff]/.test(text[from])) from -= 1;
    if (to < text.length && /[\udc00-\udfff]/.test(text[to])) to += 1;
    const content = marked(text, marks, from, to);
    const passage = element("p", "passage");
    if (label) passage.append(element("span", "label", label), " ");
    passage.append(from > 0 ? "…" : "", ...content, to < text.length ? "…" : "");
    return passage;
  }

  function shown(text, parts) {
    const { number, title, address, day, kind, department, state } = text;
    const head = element("p", "found-line");
    if (number) head.append(element("span", "no", ...marked(number, marksIn(number, parts))));
    if (state[1]) head.append(element("span", `mark ${state[0]}`, state[1]));
    const link = element("a", "title", ...marked(title, marksIn(title, parts)));
    link.href = address;
    const passage = passageOf(text, parts);
    const about = [kind[1], department[1], day].filter(Boolean).join(" · ");
    return element("li", "", head, link, ...(passage ? [passage] : []), element("p", "sub", about));
  }

  /** The answer that stands on the page, and how much of it. */
  let answer = null;
  let turn = 0;

  async function showNext(mine, focus) {
    const { hits, parts } = answer;
    const from = list.children.length;
    const texts = await Promise.allSettled(hits.slice(from, from + PAGE).map(({ head, document }) => textOf(head, document)));
    if (mine !== turn) return;
    for (const { value } of texts) {
      list.append(value ? shown(value, parts) : element("li", "lost", phrases.unread));
    }
    if (texts.some(({ value }) => !value)) retry.hidden = false;
    const rest = hits.length - list.children.length;
    more.hidden = rest === 0;
    more.textContent = say(phrases.more, Math.min(rest, PAGE));
    if (focus) list.children[from]?.querySelector("a")?.focus();
  }

  const state = () => Object.fromEntries([...form.elements].filter(({ name }) => name).map(({ name, value }) => [name, value]));

  /** Answers what stands in the form. An answer that comes after a newer question is dropped. */
  async function run() {
    const mine = turn += 1;
    const { q, ...filters } = state();
    list.setAttribute("aria-busy", "true");
    const parts = partsOf(q);
    const found = parts.length ? await find(q, filters) : null;
    if (mine !== turn) return;
    answer = found;
    list.replaceChildren();
    more.hidden = retry.hidden = true;
    if (!found) {
      status.textContent = "";
    } else {
      const { hits, lost } = found;
      retry.hidden = !lost;
      const count = hits.length === 1 ? phrases.one : hits.length ? phrases.many : phrases.none;
      status.textContent = say(count, hits.length) + (lost ? phrases.incomplete : "");
      await showNext(mine, false);
    }
    if (mine === turn) list.removeAttribute("aria-busy");
  }

  // ---- Asking ------------------------------------------------------------------------

  /** The address says what is asked, without what is not. */
  function remember(push) {
    const asked = String(new URLSearchParams(Object.entries(state()).filter(([, value]) => value)));
    const address = location.pathname + (asked && `?${asked}`);
    if (address === location.pathname + location.search) return;
    // Some browsers forbid it to pages opened from a folder.
    try { history[push ? "pushState" : "replaceState"](null, "", address); } catch { /* the page works without */ }
  }

  function recall() {
    const asked = new URLSearchParams(location.search);
    for (const control of form.elements) if (control.name) control.value = asked.get(control.name) ?? "";
    // What is chosen but no longer offered is not chosen.
    for (const select of form.querySelectorAll("select")) if (select.selectedIndex < 0) select.value = "";
    run();
  }

  let typing;
  let composing = false;
  const later = () => {
    clearTimeout(typing);
    typing = setTimeout(() => { remember(false); run(); }, 150);
  };
  const now = () => {
    clearTimeout(typing);
    remember(true);
    run();
  };
  // Pinyin on its way to a character is no question.
  field.addEventListener("compositionstart", () => { composing = true; });
  field.addEventListener("compositionend", () => { composing = false; later(); });
  field.addEventListener("input", () => { if (!composing) later(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); if (!composing) now(); });
  for (const select of form.querySelectorAll("select")) select.addEventListener("change", now);
  more.addEventListener("click", () => showNext(turn, true));
  retry.addEventListener("click", () => { run(); field.focus(); });
  // From the box into the results and back.
  document.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const links = [...list.querySelectorAll(".title")];
    const at = links.indexOf(document.activeElement);
    if (!step || event.ctrlKey || event.metaKey || event.altKey || (at < 0 && document.activeElement !== field) || composing) return;
    const next = at + step < 0 ? field : links[at + step];
    if (at < 0 && step < 0) return;
    if (next) { next.focus(); event.preventDefault(); }
  });
  window.addEventListener("popstate", recall);
  recall();
  // Small, and asked by every question: here before the first one. What cannot be read is said then.
  for (const name of segments) headOf(name).catch(() => {});
})();

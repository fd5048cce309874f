// Word lists: which terms of a list are at fault in a text, told from longer
// words that hold them, as `check` tells them (src/definition/lists.rs).
"use strict";
(() => {
  const taizhang = (globalThis.taizhangForm ??= {});

  const lower = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const latin = (sign) => /^[A-Za-z0-9]$/.test(sign ?? "");
  const quotes = { "“": "”", '"': '"', "「": "」" };
  const punctuation = /[!-/:-@[-`{-~。，、；：！？…．～]+$/u;

  const patternsOf = (list) => {
    if (!list.patterns) {
      const anywhere = list.words.filter((term) => term.position === "anywhere");
      const innocent = [...anywhere.flatMap((term) => term.notIn), ...(anywhere.length ? list.except : [])];
      list.patterns = [
        ...anywhere.map((term) => ({ text: lower(term.term), term })),
        ...innocent.map((text) => ({ text: lower(text) })),
      ].sort((a, b) => b.text.length - a.text.length);
    }
    return list.patterns;
  };

  /** The terms at fault: each with its `term`, `start` and `end`. */
  const hits = (list, text) => {
    const found = [];
    const small = lower(text);
    const patterns = patternsOf(list);
    for (let at = 0; at < small.length;) {
      const here = patterns.find((pattern) => small.startsWith(pattern.text, at));
      if (!here) { at += 1; continue; }
      const end = at + here.text.length;
      const joined = (latin(text[at]) && latin(text[at - 1])) || (latin(text[end - 1]) && latin(text[end]));
      const quoted = quotes[text[at - 1]] !== undefined && quotes[text[at - 1]] === text[end];
      if (here.term && !joined && !quoted) found.push({ term: here.term, start: at, end });
      at = end;
    }
    const bare = text.trim();
    const said = bare.replace(punctuation, "").trimEnd();
    const offset = text.length - text.trimStart().length;
    let last = null;
    for (const term of list.words) {
      if (term.position === "anywhere" || term.notIn.some((longer) => said.endsWith(longer))) continue;
      const whole = term.position === "whole" && (bare === term.term || said === term.term);
      const trailing = term.position === "trailing" && said.endsWith(term.term);
      if (!whole && !trailing) continue;
      const start = offset + (whole ? 0 : said.length - term.term.length);
      if (!last || term.term.length >= last.end - last.start) last = { term, start, end: start + term.term.length };
    }
    if (last) found.push(last);
    return found;
  };

  /** Whether what follows a pointer names something: a number is not enough. */
  const saysSomething = (text) => {
    const said = [...text].filter((sign) => /[\p{Alphabetic}]/u.test(sign) && !/\p{N}/u.test(sign) && !"一二三四五六七八九十之".includes(sign));
    return said.length >= 2;
  };

  Object.assign(taizhang, { hits, saysSomething });
})();

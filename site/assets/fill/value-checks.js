// What can be wrong with one value: its type, its wording. Each finds what the
// rule of the same name finds in `check` (src/check/), in the same words.
"use strict";
(() => {
  const taizhang = (globalThis.taizhangForm ??= {});
  const { hits, saysSomething, isDate, NONE } = taizhang;

  const WEIGHT = ["note", "warning", "error"];
  const lesser = (a, b) => (WEIGHT.indexOf(a) < WEIGHT.indexOf(b) ? a : b);
  const OTHER_NONE = ["没有", "暂无", "无附件", "无。", "不适用", "-", "/", "—", "n/a", "N/A", "nil", "None.", "no"];
  const EXAMPLES = "2h, 3wh, 1wd, 3d, 1w, 1mo, 1q, 1y, -2wd, 17:00 today, end of this week, end of next month";

  /** A term of a list as a finding. */
  const ofTerm = (check, rule, list, hit, level, label, at, message) => {
    const { term } = hit;
    check.report(rule, message ?? (term.suggest ? "plain" : "no-suggestion"), {
      at, level: term.level ? lesser(term.level, level) : level, clause: term.clause ?? list.clause,
      values: { field: label, word: term.term, suggest: term.suggest },
    });
  };
  const asks = (field, name) => (field.checks ?? []).includes(name);
  const items = (field, raw) => (field.many && Array.isArray(raw) ? raw.map((text, index) => ({ text, index })) : [{ text: raw }]);
  const texts = (field, raw) => items(field, raw).map(({ text }) => text)
    .filter((text) => ["text", "markdown", "reference"].includes(field.type) && typeof text === "string" && text.trim() !== "");

  const wording = {
    vague(check, { field, raw, at, level }) {
      const list = check.company.lists["vague-words"];
      for (const text of list ? texts(field, raw) : []) {
        for (const hit of hits(list, text)) ofTerm(check, "vague-wording", list, hit, level, field.label, at);
      }
    },
    placeholder(check, { field, raw, at, level }) {
      const list = check.company.lists.placeholders;
      for (const text of list ? texts(field, raw) : []) {
        for (const hit of hits(list, text)) {
          let weight = level;
          if (hit.term.unlessFollowed) {
            if (saysSomething(text.slice(hit.end))) continue;
            if ([...text.slice(0, hit.start)].length >= 12) weight = "warning";
          }
          ofTerm(check, "placeholder-wording", list, hit, weight, field.label, at, hit.term.unlessFollowed ? "pointer" : undefined);
        }
      }
    },
    measurable(check, { field, raw, at, level }) {
      const list = check.company.lists.measures;
      for (const text of list ? texts(field, raw) : []) {
        const shape = list.shape && taizhang.shape(list.shape);
        // a shape that this browser cannot read tells nothing
        if ((list.shape && !shape) || shape?.test(text) || hits(list, text).length) continue;
        check.report("measurable-goal", "plain", { at, level, clause: list.clause, values: { field: field.label } });
      }
    },
    "five-elements"(check, { field, raw, at, level }) {
      const list = check.company.lists["five-elements"];
      for (const text of list ? texts(field, raw) : []) {
        const shapes = list.elements.map(({ shape }) => taizhang.shape(shape));
        if (shapes.includes(null)) continue;
        const missing = list.elements.filter((_, index) => !shapes[index].test(text));
        if (!missing.length) continue;
        const between = check.company.language.startsWith("zh") ? "、" : ", ";
        const values = { field: field.label, missing: missing.map(({ name }) => name).join(between) };
        check.report("five-elements", "plain", { at, level: lesser(level, "warning"), clause: list.clause, values });
      }
    },
    "none-stated"(check, { field, raw, at, level }) {
      if (raw === undefined) return;
      const report = (message, values = {}) => check.report("attachments-stated", message, { at, level, clause: "W7", values: { field: field.label, ...values } });
      const all = items(field, raw).map(({ text }) => (typeof text === "string" ? text : (text?.name ?? "")));
      const stated = (text) => NONE.test(text.trim());
      if (all.every((text) => text.trim() === "")) return void report("empty");
      if (all.length === 1 && OTHER_NONE.includes(all[0].trim())) return void report("other-word", { text: all[0] });
      if (all.length > 1) all.filter((text) => stated(text) || OTHER_NONE.includes(text.trim())).forEach(() => report("contradiction"));
    },
    "attachment-name"(check, { field, raw, at }) {
      const list = check.company.lists["attachment-names"];
      const shape = list?.shape && taizhang.shape(list.shape);
      if (!shape) return;
      for (const { text } of items(field, raw)) {
        const name = (typeof text === "string" ? text : (text?.name ?? "")).trim();
        if (!name || NONE.test(name) || OTHER_NONE.includes(name)) continue;
        const message = faultOfName(shape, list.shape, name);
        if (message) check.report("attachment-name", message, { at, level: "warning", clause: list.clause, values: { field: field.label, name } });
      }
    },
  };

  const faultOfName = (shape, source, name) => {
    const found = shape.exec(name);
    if (!found) return "plain";
    const asked = (part) => source.includes(`<${part}>`);
    const version = found.groups?.version !== undefined || !asked("version");
    const date = found.groups?.date;
    if (date === undefined) {
      if (!asked("date")) return version ? null : "no-version";
      return version ? "no-date" : "plain";
    }
    if (!version) return "no-version";
    return isDate(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`) ? null : "bad-date";
  };

  /** What a value's type asks for. */
  const typed = (check, value) => {
    const { field, raw, at } = value;
    const key = field.label;
    if (field.type === "signature" && raw) return void signature(check, value);
    for (const { text } of items(field, raw)) {
      const read = check.reader.single({ ...field, many: false }, text);
      if (read.none || field.type === "table") continue;
      switch (field.type) {
        case "text": {
          const shape = field.pattern && taizhang.shape(field.pattern);
          if (shape && !shape.test(text)) {
            check.report("pattern", field.hint ? "hint" : "plain", { at, values: { key, value: text, pattern: field.pattern, hint: field.hint } });
          }
          break;
        }
        case "number":
          if (!read.bad && ((field.minimum ?? -Infinity) > read.is || (field.maximum ?? Infinity) < read.is)) {
            const bound = (number) => (number === undefined ? "…" : String(number));
            check.report("out-of-range", "plain", { at, values: { key, value: String(read.is), minimum: bound(field.minimum), maximum: bound(field.maximum) } });
          } else if (read.bad) check.say("number", { at, values: { key } });
          break;
        case "period":
          if (read.bad) check.report("missing-key", "plain", { at, values: { key: check.company.words[text.from ? "to" : "from"] } });
          else if (read.is.from.length === read.is.to.length && read.is.to < read.is.from) check.report("period-order", "plain", { at, values: { key } });
          break;
        case "date": case "instant":
          if (read.bad) check.report("inexact-date", "plain", { at, clause: "W4", values: { key, text } });
          break;
        case "duration":
          if (read.bad) check.report("bad-length", "plain", { at, values: { length: text, known: EXAMPLES } });
          break;
        case "money":
          if (read.bad) check.report("bad-amount", "plain", { at, values: { key } });
          break;
        case "person": case "department": case "party": case "choice":
          if (read.bad) check.say("unknown", { at, values: { key, name: text } });
          break;
      }
    }
  };

  const signature = (check, { field, raw, at }) => {
    for (const { text: each } of items(field, raw)) {
      const signed = Boolean(each.person || each.name?.trim());
      if (!signed && !each.at && !each.opinion) continue;
      const message = signed ? (each.at ? null : "time") : "person";
      if (message) check.report("signature-complete", message, { at, level: check.wordingLevel(), clause: "TZ-D9", values: { field: field.label } });
    }
  };

  /** Everything that a field asks of its value. */
  const value = (check, field, raw, at) => {
    const level = field.from === undefined && !field.if ? "warning" : check.wordingLevel();
    const given = { field, raw, at, level };
    if (raw !== undefined) typed(check, given);
    for (const name of field.checks ?? []) wording[name]?.(check, given);
  };

  /** W6: what outsiders read is free of our own short names. */
  const internalNames = (check) => {
    const { record, kind, company } = check;
    const list = company.lists["internal-names"];
    if (!list) return;
    const isPublic = record.audience === "public";
    const outside = kind.parties.some((path) => check.cells(path).some(({ field, raw }) => check.reader.says(field, raw)));
    const level = check.wordingLevel();
    if (isPublic) for (const hit of hits(list, record.title ?? "")) ofTerm(check, "internal-names", list, hit, level, "", ["title"], "title");
    check.everyValue((field, raw, at) => {
      const asked = asks(field, "public-wording") || (outside && asks(field, "internal-names"));
      if (!["text", "markdown"].includes(field.type) || !(isPublic || asked)) return;
      for (const { text } of items(field, raw)) {
        if (typeof text === "string") for (const hit of hits(list, text)) ofTerm(check, "internal-names", list, hit, level, field.label, at);
      }
    });
  };

  /** W2: the title carries an aim. */
  const title = (check) => {
    const { record, kind, company } = check;
    const list = company.lists["subject-words"];
    const text = record.title ?? "";
    if (text.trim() === "") {
      const level = check.phase() === "draft" ? "warning" : "error";
      return void check.report("missing-key", "empty", { at: ["title"], level, values: { key: company.envelope.title } });
    }
    if (!kind.title.subject || !list) return;
    const found = hits(list, text);
    for (const hit of found) ofTerm(check, "subject-wording", list, hit, check.wordingLevel(), "", ["title"]);
    const shape = list.shape && taizhang.shape(list.shape);
    if (!found.length && shape && !shape.test(text)) {
      const message = kind.title.hint ? "shape" : "shape-unexplained";
      check.report("subject-wording", message, { at: ["title"], level: "warning", clause: list.clause, values: { hint: kind.title.hint } });
    }
  };

  Object.assign(taizhang, { valueChecks: { value, internalNames, title } });
})();

// What a form's record still lacks or breaks: required fields, the kind's own
// rules, and the checks of single values. The twin of src/check/, as far as
// one record can be judged alone; the rest is checked on the pull request.
"use strict";
(() => {
  const taizhang = (globalThis.taizhangForm ??= {});
  const { fill, holds, valueChecks } = taizhang;

  /** The rules found here, besides those of the kinds. */
  const RULES = [
    "attachment-name", "attachments-stated", "audience-named", "commitment-complete", "five-elements", "internal-names",
    "measurable-goal", "number-pattern", "out-of-range", "pattern", "period-order", "placeholder-wording", "required-field",
    "row-identity", "signature-complete", "subject-wording", "vague-wording",
  ];
  const LONG = ["known", "detail", "hint", "pattern", "others"];

  /** On one line, and no longer than a message bears. */
  const cut = (name, text) => {
    const signs = [...String(text).split(/\s+/).filter(Boolean).join(" ")];
    const longest = LONG.includes(name) ? 300 : 48;
    return signs.length > longest ? `${signs.slice(0, longest).join("")}…` : signs.join("");
  };

  class Check {
    constructor(reader, record) {
      Object.assign(this, { reader, record, kind: reader.kind, company: reader.company, findings: [] });
      this.state = reader.states.get(record.state) ?? reader.kind.states[0];
    }

    phase() { return this.state.phase; }
    wordingLevel() { return this.phase() === "draft" ? "warning" : "error"; }

    /** A finding of a rule of `check`. */
    report(rule, message, { at, level = "error", clause, values = {} }) {
      const of = this.company.rules[rule];
      const texts = of?.messages[message];
      if (texts) this.add({ rule, level, clause: clause ?? of.clause, at }, texts, values);
    }

    /** A finding that only a form can have. */
    say(word, { at, values }) { this.add({ rule: word, level: "error", at }, [this.company.words[`bad_${word}`], null], values); }

    add(finding, [message, help], values) {
      const short = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null).map(([name, value]) => [name, cut(name, value)]));
      this.findings.push({ ...finding, message: fill(message, short), help: help ? fill(help, short) : "" });
    }

    /** What a path leads to: `{ section, field, part }`; null for what is no field. */
    resolve(path) {
      const [first, name, ...rest] = path.split(".");
      const section = this.reader.sections.get(first);
      const field = section?.fields.find((known) => known.id === name);
      if (!field) return null;
      const column = field.type === "table" ? field.columns.find((known) => known.id === rest[0]) : undefined;
      return { section, field, column, part: (column ? rest.slice(1) : rest)[0] };
    }

    rows(section) {
      const written = this.record.sections[section.id];
      if (written === undefined) return [];
      return section.repeated ? written.map((row, index) => ({ row, at: [section.id, index] })) : [{ row: written, at: [section.id] }];
    }

    /** The values at a path, with their fields and where they are. */
    cells(path) {
      const found = this.resolve(path);
      if (!found) return [];
      const { section, field, column } = found;
      return this.rows(section).flatMap(({ row, at }) => {
        const raw = row[field.id];
        const here = [...at, field.id];
        if (!column) return [{ field, raw, at: here }];
        return (Array.isArray(raw) ? raw : []).map((inner, index) => ({ field: column, raw: inner[column.id], at: [...here, index, column.id] }));
      });
    }

    /** Every value that stands there, table columns included. */
    everyValue(visit) {
      for (const section of this.kind.sections) {
        for (const { row, at } of this.rows(section)) {
          for (const field of section.fields) {
            visit(field, row[field.id], [...at, field.id]);
            for (const [index, inner] of (field.type === "table" && Array.isArray(row[field.id]) ? row[field.id] : []).entries()) {
              for (const column of field.columns) visit(column, inner[column.id], [...at, field.id, index, column.id]);
            }
          }
        }
      }
    }

    /** Whether a field that is not there has to be; `row` is of a table. */
    isRequired(field, row, index) {
      const { from } = field;
      const reached = from !== undefined ? this.state.rank >= from : Boolean(field.if) && this.phase() !== "draft";
      if (!reached || (this.phase() === "draft" && row === undefined)) return false;
      return this.conditionHolds(field, row, index);
    }

    conditionHolds(field, row, index) {
      return !field.if || holds(field.if, this.reader.names(this.record, row, index)) === true;
    }
  }

  // ---- required-field -----------------------------------------------------

  const required = (check) => {
    const { kind, record, reader, state } = check;
    const level = check.phase() === "draft" ? "warning" : "error";
    const report = (message, values, at, clause) => check.report("required-field", message, { at, level, clause, values: { state: state.label, ...values } });
    const entered = check.phase() === "draft" ? [] : kind.states
      .filter((each) => each.entered && (each === state || (!each.aside && each.rank <= state.rank)))
      .map((each) => ({ path: each.entered, ...check.resolve(each.entered) }));
    const isEvent = (section, field) => !section.repeated && check.conditionHolds(field)
      && entered.some((event) => event.section === section && event.field === field && !event.column);

    for (const section of kind.sections) {
      const written = record.sections[section.id];
      if (written === undefined) {
        if (section.repeated) continue;
        const missing = section.fields.filter((field) => isEvent(section, field) || check.isRequired(field));
        if (!missing.length) continue;
        const fields = missing.map((field) => field.label).join(check.company.display.list_separator);
        report("section", { section: section.label, name: section.id, fields }, [section.id], section.clause ?? missing.find((field) => field.clause)?.clause);
        continue;
      }
      for (const [index, { row, at }] of check.rows(section).entries()) {
        const current = section.repeated ? reader.row(section.fields, row) : undefined;
        for (const field of section.fields) {
          const raw = row[field.id];
          const here = [...at, field.id];
          if (!reader.says(field, raw)) {
            const checks = field.checks ?? [];
            const said = (checks.includes("none-stated") && raw !== undefined)
              || (!section.repeated && checks.includes("archive-number") && field.from !== undefined && !field.if);
            if (!said && (isEvent(section, field) || check.isRequired(field, current, index))) {
              report("plain", { field: field.label, name: field.id, section: section.label }, here, field.clause ?? section.clause);
            }
            continue;
          }
          count(check, section, field, raw, here, level);
          if (field.type !== "table") continue;
          for (const [at, inner] of raw.entries()) {
            const row = reader.row(field.columns, inner);
            for (const column of field.columns) {
              if (reader.says(column, inner[column.id]) || !check.isRequired(column, row, at)) continue;
              report("plain", { field: column.label, name: column.id, section: field.label }, [...here, at, column.id], column.clause ?? field.clause ?? section.clause);
            }
          }
        }
      }
    }

    for (const event of entered) {
      const cells = check.cells(event.path);
      const isThere = cells.some(({ field, raw }) => {
        const value = reader.single({ ...field, many: false }, raw);
        if (value.bad) return true;
        if (value.none) return false;
        if (field.type === "period") return Boolean(value.is[event.part ?? "from"]);
        return field.type === "signature" ? Boolean(value.is.at) : ["date", "instant"].includes(field.type);
      });
      const plain = !event.section.repeated && !event.column;
      const first = cells.find(({ field, raw }) => reader.says(field, raw));
      if (isThere || (plain && !first)) continue;
      const field = event.column ?? event.field;
      report("event", { field: field.label, section: event.section.label, path: event.path }, first?.at ?? [event.section.id], field.clause ?? event.section.clause);
    }

    if (kind.priorityFrom !== null && state.rank >= kind.priorityFrom && !record.priority && level === "error") {
      report("priority", {}, ["priority"]);
    }
  };

  const count = (check, section, field, raw, at, level) => {
    if (!Array.isArray(raw)) return;
    const few = level === "error" && raw.length < (field.minimum ?? 0);
    const many = raw.length > (field.maximum ?? Infinity);
    if (!few && !many) return;
    const bound = few ? field.minimum : field.maximum;
    const values = { field: field.label, count: String(raw.length), bound: String(bound), state: check.state.label };
    check.report("required-field", few ? "too-few" : "too-many", { at, level, clause: field.clause ?? section.clause, values });
  };

  // ---- the kind's own rules -----------------------------------------------

  const rules = (check) => {
    const { kind, reader, record, state } = check;
    for (const rule of kind.rules) {
      if (rule.from !== null && state.rank < rule.from) continue;
      if (rule.states.length && !rule.states.includes(kind.states.indexOf(state))) continue;
      if (!rule.each) { judge(check, rule); continue; }
      rowsOf(check, rule.each).forEach(({ row, fields, raw, at }, index) => {
        const current = { fields, raw, at, index, names: reader.names(record, row, index) };
        judge(check, rule, current);
      });
    }
  };

  /** The rows of a repeated section, of a table, or the items of a list. */
  const rowsOf = (check, text) => {
    const { reader } = check;
    const [first, name] = text.split(".");
    const section = reader.sections.get(first);
    if (!name) return check.rows(section).map(({ row, at }) => ({ row: reader.row(section.fields, row), raw: row, fields: section.fields, at }));
    const field = section.fields.find((known) => known.id === name);
    return check.rows(section).flatMap(({ row, at }) => {
      const all = Array.isArray(row[name]) ? row[name] : [];
      return all.map((raw, index) => {
        if (field.type === "table") return { row: reader.row(field.columns, raw), raw, fields: field.columns, at: [...at, name, index] };
        let value;
        // an item that is not understood is null here; its own finding says why
        try { value = reader.plain(field, reader.single({ ...field, many: false }, raw)); } catch { value = null; }
        return { row: value, raw: { [field.id]: raw }, fields: [{ ...field, many: false }], at: [...at, name, index] };
      });
    });
  };

  const judge = (check, rule, current) => {
    const names = current?.names ?? check.reader.names(check.record);
    if (rule.when && holds(rule.when, names) !== true) return;
    if (holds(rule.assert, names) !== false) return;
    const values = {};
    for (const [, name] of `${rule.message}${rule.help ?? ""}`.matchAll(/\{([^{}]*)\}/g)) {
      const value = placeholder(check, rule, current, name);
      if (value !== null) values[name] = value || "—";
    }
    check.add({ rule: rule.id, level: rule.level, clause: rule.clause, at: placeOf(check, rule, current) }, [rule.message, rule.help], values);
  };

  const placeOf = (check, rule, current) => {
    const around = current?.at;
    if (!rule.at) return around ?? ["state"];
    if (rule.at.column) return [...around, rule.at.column];
    if (rule.at.section) return [rule.at.section];
    const { path } = rule.at;
    if (!path.includes(".")) return [path];
    const cells = check.cells(path);
    const found = cells.find(({ field, raw }) => check.reader.says(field, raw)) ?? cells[0];
    return found?.at ?? path.split(".").slice(0, 2);
  };

  /** What a placeholder of a message stands for; null when it leads nowhere. */
  const placeholder = (check, rule, current, name) => {
    const { reader, record, company, kind } = check;
    const part = (field, raw, part) => {
      const value = field.many ? { is: null } : reader.single(field, raw);
      if (part === "head" || part === "leader") {
        const id = value.is && reader.lookUp(`${part}_of`, value.is, record);
        return id ? reader.people.get(id).name : "";
      }
      if (field.type === "period" && value.is) return reader.shown(value.is[part]);
      if (field.type === "signature" && value.is && part === "at") return raw.at ? reader.shown(reader.partOfSignature(raw, "at")) : "";
      if (field.type === "signature" && value.is && part === "opinion") return raw.opinion ?? "";
      return reader.display(field, raw);
    };
    if (current) {
      if (name === "index") return String(current.index + 1);
      const rest = name === "row" || name.startsWith("row.") ? name.slice(3) : name === rule.each || name.startsWith(`${rule.each}.`) ? name.slice(rule.each.length) : null;
      if (rest !== null) {
        const [column, of] = rest.slice(1).split(".");
        const field = column ? current.fields.find((known) => known.id === column) : current.fields[0];
        if (field) return part(field, current.raw[field.id], of);
      }
    }
    switch (name) {
      case "id": case "title": return record[name] ?? "";
      case "state": return check.state.label;
      case "priority": return company.priorities.find(([id]) => id === record.priority)?.[1] ?? "";
      case "project": return record.project ?? "";
      case "audience": return record.audience || "internal";
      case "related": return (record.related ?? []).join(company.display.list_separator);
    }
    const found = check.resolve(name);
    if (!found) return null;
    return check.cells(name).filter(({ field, raw }) => reader.says(field, raw)).map(({ field, raw }) => part(field, raw, found.part)).join(company.display.list_separator);
  };

  // ---- rows and promises --------------------------------------------------

  const identities = (check) => {
    const compare = (fields, identity, rows) => {
      const field = fields.find((known) => known.id === identity);
      const seen = new Set();
      for (const { raw, at } of rows) {
        const value = raw[identity];
        if (!field || !check.reader.says(field, value)) continue;
        const text = typeof value === "string" ? value.trim() : "";
        if (!text) continue;
        if (seen.has(text)) check.report("row-identity", "plain", { at: [...at, identity], values: { field: field.label, value } });
        seen.add(text);
      }
    };
    for (const section of check.kind.sections) {
      const rows = check.rows(section);
      if (section.identity) compare(section.fields, section.identity, rows.map(({ row, at }) => ({ raw: row, at })));
      for (const field of section.fields.filter((known) => known.identity)) {
        for (const { row, at } of rows) {
          compare(field.columns, field.identity, (Array.isArray(row[field.id]) ? row[field.id] : []).map((raw, index) => ({ raw, at: [...at, field.id, index] })));
        }
      }
    }
  };

  const promises = (check) => {
    for (const section of check.kind.sections) {
      const of = section.commitment;
      if (!of || check.phase() === "void") continue;
      for (const { row, at } of check.rows(section)) {
        if (of.status && of.dropped.includes(row[of.status])) continue;
        const signs = [...(row[of.what] ?? "…")];
        const what = signs.length > 20 ? `${signs.slice(0, 20).join("")}…` : signs.join("");
        for (const [message, name, clause] of [["owner", of.owner, "W4"], ["due", of.due, "W9"], ["standard", of.standard, "W9"]]) {
          const field = section.fields.find((known) => known.id === name);
          if (!field || field.from !== undefined || field.if || check.reader.says(field, row[name])) continue;
          check.report("commitment-complete", message, { at: [...at, name], level: check.wordingLevel(), clause, values: { what, field: field.label, key: field.id } });
        }
      }
    }
  };

  const audience = (check) => {
    const { record, reader } = check;
    const named = record.visible_to ?? [];
    const report = (message, level, values) => check.report("audience-named", message, { at: ["visible_to"], level, clause: "TZ-D12", values });
    const level = check.wordingLevel();
    if (record.audience === "confidential") {
      if (!named.length) report("confidential", level);
      for (const id of named) if (reader.parties.has(id) && !reader.departments.has(id) && !reader.people.has(id)) report("outsider", level, { party: reader.parties.get(id).name });
    } else if (record.audience === "public") {
      if (!named.some((id) => reader.parties.has(id))) report("public", level);
    } else if (named.length) report("internal", "warning");
  };

  const number = (check) => {
    const { record, kind } = check;
    const shape = taizhang.shape(kind.number.pattern);
    if (!shape || shape.test(record.id ?? "")) return;
    const values = { id: record.id || "—", pattern: kind.number.text, kind: kind.name, example: kind.number.next };
    check.report("number-pattern", "plain", { at: ["id"], clause: "TZ-D8", values });
  };

  /** Everything that can be told of a record here, in the order of the form. */
  const judgeRecord = (reader, record) => {
    const check = new Check(reader, record);
    number(check);
    valueChecks.title(check);
    required(check);
    rules(check);
    identities(check);
    promises(check);
    audience(check);
    check.everyValue((field, raw, at) => valueChecks.value(check, field, raw, at));
    valueChecks.internalNames(check);
    return check.findings;
  };

  Object.assign(taizhang, { judge: judgeRecord, Check, RULES });
})();

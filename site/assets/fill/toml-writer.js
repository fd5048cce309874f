// A form's record as the file that `taizhang new` would have begun: the same
// keys in the same order, the same comments, the same quotes (src/start/draft.rs,
// src/start/toml_text.rs). A test holds the two against each other.
"use strict";
(() => {
  const taizhang = (globalThis.taizhangForm ??= {});

  const escaped = (sign) => {
    const short = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r" }[sign];
    return short ?? `\\u${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  };
  /** A text as a basic string, quotes included. */
  const quoted = (text) => `"${text.replace(/["\\]|[\0-\x1f\x7f-\x9f]/g, escaped)}"`;
  /** A text of several lines as lines, so that two versions can be compared; quotes are escaped where they could end it. */
  const paragraphs = (text) => `"""\n${text.replace(/\\|"{2,}|"$|[\0-\x08\x0b-\x1f\x7f-\x9f]/g, (found) => [...found].map(escaped).join(""))}"""`;
  const key = (name) => (/^[A-Za-z0-9_-]+$/.test(name) ? name : quoted(name));
  const oneLine = (text) => text.split(/[\s\p{Cc}]+/u).filter(Boolean).join(" ");

  const BARE = { date: true, instant: true, number: true, boolean: true };
  const MOMENT = /^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})?)?$/;

  class Writer {
    constructor(kind, company, { comments = true, leaveOpen = true, schema = null, today = "", now = "" } = {}) {
      Object.assign(this, { kind, company, comments, leaveOpen, schema, today, now, lines: [] });
    }

    line(text) { this.lines.push(text); }
    comment(text) {
      if (this.comments) this.line(`# ${oneLine(text.replaceAll("{today}", this.today).replaceAll("{now}", this.now))}`.trimEnd());
    }

    record(record) {
      const { kind } = this;
      const open = kind.states.find((state) => state.phase === "open" && !state.aside);
      const state = kind.states.find((each) => each.id === record.state) ?? kind.states[0];
      this.reach = Math.max(open?.rank ?? 0, state.rank);
      this.head(record, state);
      for (const section of kind.sections) {
        const written = record.sections[section.id];
        if (section.repeated) {
          for (const [index, row] of (written ?? []).entries()) this.section(section, row, index > 0);
        } else if (written !== undefined || (this.leaveOpen && this.begins(section))) this.section(section, written ?? {}, false);
      }
      return `${this.lines.join("\n")}\n`;
    }

    head(record, state) {
      const { comments } = this.kind;
      if (this.schema) this.line(`#:schema ${this.schema}`);
      comments.head.forEach((text) => this.comment(text));
      if (this.comments) this.line("");
      this.line(`kind = ${quoted(this.kind.id)}`);
      this.line(`id = ${quoted(record.id)}`);
      this.comment(comments.title);
      this.line(`title = ${quoted(record.title)}`);
      this.comment(comments.state);
      this.line(`state = ${quoted(state.id)}`);
      const asked = this.kind.priorityFrom !== null && this.kind.priorityFrom <= this.reach;
      if (asked || record.priority) {
        this.comment(comments.priority);
        this.line(`priority = ${quoted(record.priority ?? "")}`);
      }
      const list = (items) => `[${items.map(quoted).join(", ")}]`;
      if (record.audience && (record.audience !== "internal" || record.audienceStated)) this.line(`audience = ${quoted(record.audience)}`);
      if (record.visible_to?.length) this.line(`visible_to = ${list(record.visible_to)}`);
      if (record.project) this.line(`project = ${quoted(record.project)}`);
      if (record.related?.length) this.line(`related = ${list(record.related)}`);
    }

    /** Whether a section is filled before the record leaves its draft. */
    begins(section) { return section.fields.some((field) => this.isDue(field) || field.asked); }

    isDue(field) { return !field.if && field.from !== undefined && field.from <= this.reach; }

    section(section, row, again) {
      this.line("");
      if (!again) section.comments.forEach((text) => this.comment(text));
      this.line(section.repeated ? `[[${key(section.id)}]]` : `[${key(section.id)}]`);
      for (const field of section.fields) {
        const value = this.value(field, row[field.id]);
        // of a repeated section the first row says what is what
        const about = !again;
        if (value !== null) {
          if (about) this.comment(field.about);
          this.line(`${key(field.id)} = ${value}`);
        } else if (this.leaveOpen ? this.isDue(field) && !section.repeated : row[field.id] !== undefined) this.open(field);
      }
    }

    /** A field that is still to be filled in. */
    open(field) {
      this.comment(field.about);
      if (field.type !== "table") {
        this.line(`${key(field.id)} = ${field.many ? "[]" : '""'}`);
        return;
      }
      field.columns.forEach((column) => this.comment(column.column));
      if (!this.comments) { this.line(`${key(field.id)} = []`); return; }
      this.line(`${key(field.id)} = [`);
      this.line(`  # ${this.sample(field.columns)},`);
      this.line("]");
    }

    sample(columns) {
      const due = columns.filter((column) => this.isDue(column));
      const cells = (due.length ? due : columns).map((column) => `${key(column.id)} = ${column.many ? "[]" : '""'}`);
      return `{ ${cells.join(", ")} }`;
    }

    /** A field's value as TOML; null when nothing was said. */
    value(field, raw) {
      if (raw === undefined || raw === null || raw === "") return null;
      if (field.type === "table") {
        const rows = raw.map((row) => this.inline(field.columns, row));
        return rows.length ? `[\n${rows.map((row) => `  ${row},\n`).join("")}]` : null;
      }
      if (!field.many) return this.single(field, raw, false);
      if (typeof raw === "string") return quoted(raw);
      const items = raw.map((item) => this.single(field, item, true)).filter((item) => item !== null);
      return items.length ? `[${items.join(", ")}]` : null;
    }

    /** A row of a table. */
    inline(columns, row) {
      const cells = columns.map((column) => [column, this.value(column, row[column.id])]).filter(([, value]) => value !== null);
      return cells.length ? `{ ${cells.map(([column, value]) => `${key(column.id)} = ${column.type === "table" ? value : value.replaceAll("\n", " ")}`).join(", ")} }` : "{}";
    }

    single(field, raw, inside) {
      if (raw === "" || raw === undefined) return null;
      if (typeof raw === "object") {
        const parts = { period: ["from", "to"], signature: ["person", "name", "at", "opinion"], attachment: ["name", "file"] }[field.type];
        if (field.type === "attachment" && !raw.file) return raw.name ? quoted(raw.name) : null;
        const cells = parts.filter((part) => raw[part]).map((part) => {
          const isMoment = ["from", "to", "at"].includes(part);
          return `${part} = ${isMoment && MOMENT.test(raw[part]) ? raw[part] : quoted(raw[part])}`;
        });
        return cells.length ? `{ ${cells.join(", ")} }` : null;
      }
      // what is none of its type stays a text, and has its finding
      if (BARE[field.type] && this.isBare(field, raw)) return raw;
      return raw.includes("\n") && !inside && field.multiline !== false ? paragraphs(raw) : quoted(raw);
    }

    isBare(field, raw) {
      if (field.type === "number") return /^[+-]?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(raw);
      return field.type === "boolean" ? /^(true|false)$/.test(raw) : MOMENT.test(raw);
    }
  }

  /**
   * The file of a record. `comments: false` leaves the explanations out, for
   * addresses that bear no more; `today` and `now` are examples in them.
   * `leaveOpen: false` adds nothing that is still to be filled in: for a
   * record that stood there before.
   */
  const toToml = (kind, company, record, options) => new Writer(kind, company, options).record(record);

  Object.assign(taizhang, { toToml });
})();

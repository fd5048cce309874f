// What stands in a form, understood as a record's values are: for expressions,
// for messages, for checks.
//
// A form holds texts (dates and numbers too), lists, and rows by field name.
// A value is { none }, { bad }, or { is: … } in the expressions' terms.
"use strict";
(() => {
  const taizhang = (globalThis.taizhangForm ??= {});

  const NONE = /^(无|none|None)$/;
  const LENGTH = /^(-?[1-9][0-9]{0,4}(h|wh|wd|d|w|mo|q|y)|([01][0-9]|2[0-3]):[0-5][0-9] today|end of (today|tomorrow|(this|next) (week|month|quarter|year)))$/;
  const MOMENT = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})?$/;

  const pad = (number, width = 2) => String(number).padStart(width, "0");

  const isDate = (text) => {
    const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    if (!found) return false;
    const date = new Date(Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3])));
    return date.toISOString().slice(0, 10) === text;
  };

  /** The company's clock: what time it is there, and how far that is from UTC. */
  class Zone {
    constructor(name) {
      this.format = new Intl.DateTimeFormat("en-CA", {
        ...(name ? { timeZone: name } : {}), hourCycle: "h23",
        year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
      });
    }
    /** `2026-05-06T09:30:00` of an instant in milliseconds. */
    local(epoch) {
      const parts = Object.fromEntries(this.format.formatToParts(epoch).map((part) => [part.type, part.value]));
      return `${parts.year.padStart(4, "0")}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`;
    }
    /** `+08:00` at an instant. */
    offset(epoch) {
      const minutes = Math.round((Date.parse(`${this.local(epoch)}Z`) - Math.floor(epoch / 1000) * 1000) / 60000);
      const size = Math.abs(minutes);
      return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
    }
    /** A local time with the offset that holds then. */
    withOffset(local) {
      const near = this.offset(Date.parse(`${local}Z`));
      return local + this.offset(Date.parse(local + near));
    }
    /** An instant as records have it, in company time with its offset; null when it is none. */
    instant(text) {
      const found = MOMENT.exec(text);
      if (!found || !isDate(found[1]) || Number(found[2]) > 23 || Number(found[3]) > 59) return null;
      const [, date, hour, minute, second = "00", offset] = found;
      const local = `${date}T${hour}:${minute}:${second}`;
      if (!offset) return this.withOffset(local);
      const epoch = Date.parse(local + offset.toUpperCase());
      return this.local(epoch) + this.offset(epoch);
    }
    now() {
      const epoch = Date.now();
      return `${this.local(epoch).slice(0, 16)}:00${this.offset(epoch)}`;
    }
  }

  const amount = (text) => {
    let words = text.trim();
    let currency = "CNY";
    const space = words.lastIndexOf(" ");
    if (space >= 0) {
      currency = words.slice(space + 1);
      words = words.slice(0, space).trim();
    } else if (words.endsWith("元")) words = words.slice(0, -1).trim();
    if (["元", "RMB", "人民币"].includes(currency)) currency = "CNY";
    const digits = words.replace(/[,_，]/g, "");
    if (!/^[A-Z]{3}$/.test(currency) || !/^[+-]?\d+(\.\d{0,2})?$/.test(digits)) return null;
    return { number: Number(digits), currency };
  };

  /** Understands a form's values, with the kind and the company at hand. */
  class Reader {
    constructor(kind, company) {
      this.kind = kind;
      this.company = company;
      this.zone = new Zone(company.zone);
      const by = (list) => new Map(list.map((item) => [item.id, item]));
      this.people = by(company.people);
      this.departments = by(company.departments);
      this.parties = by(company.parties);
      this.states = by(kind.states);
      this.sections = by(kind.sections);
    }

    /** One value of a field, no list. */
    single(field, raw) {
      if (raw === undefined || raw === null || raw === "") return { none: true };
      switch (field.type) {
        case "text": case "markdown": case "reference":
          return raw.trim() === "" && field.type !== "reference" ? { none: true } : { is: raw };
        case "date": return isDate(raw) ? { is: raw } : { bad: true };
        case "instant": {
          // a day is less than was asked for, but it can be counted with
          const is = isDate(raw) ? raw : this.zone.instant(raw);
          return is ? { is } : { bad: true };
        }
        case "period": {
          if (!raw.from && !raw.to) return { none: true };
          const end = (text) => (isDate(text ?? "") ? text : this.zone.instant(text ?? ""));
          const [from, to] = [end(raw.from), end(raw.to)];
          return from && to ? { is: { from, to } } : { bad: true };
        }
        case "duration": return LENGTH.test(raw.trim().replace(/^(-?\d+) +/, "$1")) ? { is: raw.trim() } : { bad: true };
        case "money": {
          const is = amount(raw);
          return is ? { is: is.number, ...is } : { bad: true };
        }
        case "number": return /^[+-]?(\d+|\d+\.\d+|\d+(\.\d+)?[eE][+-]?\d+)$/.test(raw) && Number.isFinite(Number(raw)) ? { is: Number(raw) } : { bad: true };
        case "boolean": return ["true", "false"].includes(raw) ? { is: raw === "true" } : { bad: true };
        case "choice": return field.choices.some(([id]) => id === raw) ? { is: raw } : { bad: true };
        case "person": {
          if (this.people.has(raw)) return { is: raw };
          const head = this.departments.get(raw)?.head;
          return head ? { is: head } : { bad: true };
        }
        case "department": return this.departments.has(raw) ? { is: raw } : { bad: true };
        case "party": return this.parties.has(raw) ? { is: raw } : { bad: true };
        case "attachment": {
          const name = typeof raw === "string" ? raw : (raw.name ?? "");
          if (typeof raw === "string" && NONE.test(raw.trim())) return { is: "none", noneStated: true };
          return { is: name };
        }
        case "signature": {
          if (!raw.person && !raw.name) return { none: true, parts: raw };
          if (raw.person && !this.people.has(raw.person) && !this.departments.get(raw.person)?.head) return raw.name ? { is: raw } : { none: true, parts: raw };
          return { is: raw };
        }
        default: return { bad: true };
      }
    }

    /** All of a field: a value, a list of values, or rows. */
    whole(field, raw) {
      if (field.type === "table") return { rows: Array.isArray(raw) ? raw : [], none: !Array.isArray(raw) || raw.length === 0 };
      if (!field.many) return this.single(field, raw);
      if (typeof raw === "string" && raw !== "") return { list: [], noneStated: true };
      const list = (Array.isArray(raw) ? raw : []).map((item) => this.single(field, item));
      return { list, none: list.length === 0 };
    }

    /** Whether a field says anything. */
    says(field, raw) { return !this.whole(field, raw).none; }

    /** A row for expressions: a function from a name, or a name and a part. */
    row(fields, row) {
      return (path) => {
        const [name, part] = path.split(".");
        const field = fields.find((known) => known.id === name);
        if (!field) return null;
        return part ? this.part(field, row?.[name], part) : this.value(field, row?.[name]);
      };
    }

    value(field, raw) {
      const whole = this.whole(field, raw);
      if (whole.rows) return whole.rows.map((row) => this.row(field.columns, row));
      if (whole.list) return whole.list.map((item) => this.plain(field, item));
      return this.plain(field, whole);
    }

    plain(field, value) {
      if (value.bad) throw new taizhang.Unreadable();
      if (value.none) return null;
      if (field.type === "period") return (part) => value.is[part] ?? null;
      if (field.type === "signature") return (part) => this.partOfSignature(value.is, part);
      return value.is;
    }

    part(field, raw, part) {
      const value = this.single(field, field.many ? undefined : raw);
      if (field.type === "period") {
        if (value.bad) throw new taizhang.Unreadable();
        return value.none ? null : value.is[part] ?? null;
      }
      return field.type === "signature" && raw ? this.partOfSignature(raw, part) : null;
    }

    partOfSignature(signature, part) {
      const raw = signature[part];
      if (!raw) return null;
      if (part === "person") return this.people.has(raw) ? raw : (this.departments.get(raw)?.head ?? null);
      return part === "at" ? (isDate(raw) ? raw : this.zone.instant(raw)) : raw;
    }

    /** The names of expressions about a record, and about a row of it. */
    names(record, row, index) {
      return (name) => {
        if (name.startsWith("@")) return (argument) => this.lookUp(name.slice(1), argument, record);
        const [first, ...rest] = name.split(".");
        if (row !== undefined) {
          if (name === "index") return index;
          if (first === "row") return rest.length ? (typeof row === "function" ? row(rest.join(".")) : null) : row;
        }
        switch (name) {
          case "state": case "title": case "id": case "kind": return record[name] ?? "";
          case "audience": return record.audience || "internal";
          case "priority": case "project": return record[name] || null;
          case "related": case "visible_to": return record[name] ?? [];
        }
        const section = this.sections.get(first);
        if (!section) return null;
        const written = record.sections[first];
        if (section.repeated) return (written ?? []).map((each) => this.row(section.fields, each));
        const one = this.row(section.fields, written);
        return rest.length ? one(rest.join(".")) : one;
      };
    }

    /** The functions that know the organisation, the states and the calendar. */
    lookUp(name, argument, record) {
      if (name === "working_days") return this.workingDays(...argument);
      if (argument === null) return null;
      const found = () => this.departments.get(argument) ?? this.people.get(argument);
      switch (name) {
        case "state_at_least": return this.states.get(record.state).rank >= (this.states.get(argument)?.rank ?? Infinity);
        case "departments_in": return this.company.roles[argument] ?? [];
        case "head_of": return found()?.head ?? null;
        case "leader_of": return found()?.leader ?? null;
        case "department_of": return found()?.department ?? null;
        default: throw new taizhang.Unreadable();
      }
    }

    /** Working days after `a` up to `b`; negative the other way round. */
    workingDays(a, b) {
      if (a === null || b === null) return null;
      const day = (text) => Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / 86400000;
      const [from, to] = [day(a), day(b)];
      if (from > to) return -this.workingDays(b, a);
      let count = 0;
      for (let at = from; at <= to; at += 1) {
        const date = new Date(at * 86400000);
        const year = date.getUTCFullYear();
        const days = this.company.years[year];
        // of a year without holidays nothing can be told
        if (!days) throw new taizhang.Unreadable();
        if (at > from && days[at - Date.UTC(year, 0, 1) / 86400000] === "w") count += 1;
      }
      return count;
    }

    /** A date or an instant as people read it in a table. */
    shown(moment) { return moment.length > 10 ? `${moment.slice(0, 10)} ${moment.slice(11, 16)}` : moment; }

    /** A value in words, for messages. */
    display(field, raw) {
      const { display } = this.company;
      const whole = this.whole(field, raw);
      if (whole.rows) return taizhang.fill(display.rows, { count: String(whole.rows.length) });
      if (whole.noneStated) return display.none_stated;
      if (whole.list) return raw.map((item) => this.display({ ...field, many: false }, item)).join(display.list_separator);
      if (whole.none || whole.bad) return "";
      switch (field.type) {
        case "date": case "instant": return this.shown(whole.is);
        case "period": {
          const { from, to } = whole.is;
          if (from.length > 10 && from.slice(0, 10) === to.slice(0, 10)) return `${this.shown(from)}–${to.slice(11, 16)}`;
          return this.shown(from) + display.period_dash + this.shown(to);
        }
        case "money": {
          const digits = Math.abs(whole.number).toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ",");
          return taizhang.fill(display.money, { amount: (whole.number < 0 ? "-" : "") + digits, currency: display.currency[whole.currency] ?? whole.currency });
        }
        case "boolean": return whole.is ? display.yes : display.no;
        case "choice": return field.choices.find(([id]) => id === raw)[1];
        case "person": return this.people.get(whole.is).name;
        case "department": return this.departments.get(raw).name;
        case "party": return this.parties.get(raw).name;
        case "signature": return this.people.get(raw.person)?.name ?? raw.name ?? "";
        default: return String(whole.is);
      }
    }
  }

  const isHan = (text) => /^[\u3400-\u4dbf\u4e00-\u9fff]$/.test(text ?? "");
  /** Puts values into `{placeholders}`; no blank is left between Chinese characters. */
  const fill = (template, values) => {
    let out = "";
    let rest = template;
    for (;;) {
      const open = rest.indexOf("{");
      const close = open < 0 ? -1 : rest.indexOf("}", open);
      if (close < 0) return out + rest;
      out += rest.slice(0, open);
      const name = rest.slice(open + 1, close);
      const value = values[name];
      const whole = rest.slice(open, close + 1);
      rest = rest.slice(close + 1);
      if (value === undefined || value === null) { out += whole; continue; }
      if (out.endsWith(" ") && isHan(out.at(-2)) && isHan(value[0])) out = out.slice(0, -1);
      out += value;
      if (isHan(value.at(-1)) && rest[0] === " " && isHan(rest[1])) rest = rest.slice(1);
    }
  };

  Object.assign(taizhang, { Reader, Zone, fill, isDate, NONE, LENGTH });
})();

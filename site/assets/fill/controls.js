// The controls of a form: for each type of field something to fill in, with
// its label, what to write, and a place for what is wrong with it.
//
// Texts of definitions and records reach the page as text, never as markup.
"use strict";
(() => {
  const taizhang = (globalThis.taizhangForm ??= {});
  const { fill, isDate, NONE } = taizhang;

  /** More than so many to pick from are typed, with a list to choose from. */
  const LONGEST_SELECT = 200;
  /** So many to tick fit under one another. */
  const LONGEST_TICKS = 12;

  /** An element; `on…` of the properties are listeners, the rest attributes. */
  const h = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (value === undefined || value === null || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name === "value") element.value = value;
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };
  const idOf = (at) => `f-${at.join("-").replace(/[^\p{L}\p{N}_-]/gu, "_")}`;

  class Controls {
    /** `form` has words, company, reader, record, and is told of every change. */
    constructor(form) { Object.assign(this, { form, words: form.words }); }

    /** A field with label, hint and control; `row` is what holds its value. */
    field(field, row, at, context = {}) {
      const id = idOf(at);
      const get = () => row[field.id];
      const set = (value) => {
        if (value === undefined || value === "" ) delete row[field.id]; else row[field.id] = value;
        this.form.changed(at);
      };
      const described = [field.hint && `${id}-h`, `${id}-e`].filter(Boolean).join(" ");
      const given = { field, id, at, get, set, described, context };
      const single = !field.many && !["table", "period", "signature"].includes(field.type);
      const mark = h("span", { class: "must", "data-when": "" });
      const name = [document.createTextNode(field.label), " ", mark];
      const hint = field.hint ?? { money: this.words.money_hint, duration: this.words.duration_hint, markdown: null }[field.type];
      const before = [hint ? h("p", { class: "hint", id: `${id}-h` }, hint) : null, h("div", { class: "complaints", id: `${id}-e` })];
      const box = single
        ? h("div", { class: "ask" }, h("label", { for: id }, ...name), ...before, this.single(given))
        : h("fieldset", { class: "ask", tabindex: "-1", id: field.many || field.type === "table" ? id : undefined, "aria-describedby": described }, h("legend", {}, ...name), ...before, this.several(given));
      box.dataset.at = at.join(".");
      box.asked = { field, row, context };
      return box;
    }

    single(given) {
      const { field, id, get, set, described } = given;
      const raw = get() ?? "";
      const common = { id, "aria-describedby": described };
      const value = typeof raw === "object" ? (raw.name ?? "") : raw;
      const typed = (tag, properties) => h(tag, { ...common, ...properties, oninput: (event) => set(event.target.value) });
      switch (field.type) {
        case "markdown": return this.textarea(common, value, set);
        case "date": return value && !isDate(value) ? typed("input", { type: "text", value }) : typed("input", { type: "date", value, max: "9999-12-31" });
        case "instant": {
          const local = this.local(value);
          if (value && !local) return typed("input", { type: "text", value });
          return h("input", { ...common, type: "datetime-local", value: local, max: "9999-12-31T23:59", oninput: (event) => set(event.target.value && this.form.reader.zone.instant(event.target.value)) });
        }
        case "boolean": return this.select(common, [["true", this.words.yes], ["false", this.words.no]], value, set);
        case "choice": return this.select(common, field.choices, value, set);
        case "person": case "department": case "party": return this.pick(field.type, common, value, set);
        case "number": return typed("input", { type: "text", inputmode: "decimal", value, class: "short" });
        case "money": case "duration": return typed("input", { type: "text", value, class: "short" });
        case "attachment": return h("input", { ...common, type: "text", value, oninput: (event) => set(raw.file ? { ...raw, name: event.target.value } : event.target.value) });
        default: return value.includes("\n") ? this.textarea(common, value, set) : typed("input", { type: "text", value, class: field.pattern ? "short" : undefined });
      }
    }

    textarea(common, value, set) {
      const lines = Math.min(12, Math.max(3, value.split("\n").length + 1));
      return h("textarea", { ...common, rows: lines, value, oninput: (event) => {
        const text = event.target.value.replace(/\r\n?/g, "\n");
        // several lines end with a line end, as they do in a file
        set(text.trim().includes("\n") ? `${text.trimEnd()}\n` : text);
      } });
    }

    /** An instant as a control shows it: company time, to the minute; "" when it cannot. */
    local(value) {
      const instant = value && this.form.reader.zone.instant(value);
      return instant ? instant.slice(0, instant.slice(17, 19) === "00" ? 16 : 19) : "";
    }

    select(common, choices, value, set) {
      const known = !value || choices.some(([id]) => id === value);
      const option = ([id, label]) => h("option", { value: id }, label);
      const select = h("select", { ...common, onchange: (event) => set(event.target.value) },
        h("option", { value: "" }, this.words.choose), ...choices.map(option), known ? null : option([value, value]));
      select.value = value;
      return select;
    }

    /** Somebody to choose: by name, kept by short name. */
    pick(type, common, value, set) {
      const { company, reader } = this.form;
      const list = { person: company.people, department: company.departments, party: company.parties }[type];
      const named = (item) => (item.left ? `${item.name}（${this.words.left}）` : item.name);
      const open = list.filter((item) => !item.left || item.id === value);
      if (open.length > LONGEST_SELECT) return this.typed(type, open, common, value, set);
      if (type !== "person") return this.select(common, open.map((item) => [item.id, named(item)]), value, set);
      const select = this.select(common, [], value, set);
      select.replaceChildren(h("option", { value: "" }, this.words.choose));
      const groups = new Map();
      for (const person of open) {
        const group = reader.departments.get(person.department)?.name ?? "";
        if (!groups.has(group)) groups.set(group, h("optgroup", { label: group || "—" }));
        groups.get(group).append(h("option", { value: person.id }, named(person)));
      }
      select.append(...groups.values());
      if (value && !open.some(({ id }) => id === value)) select.append(h("option", { value }, value));
      select.value = value;
      return select;
    }

    /** The same of many: typed, with a list of names; a name that is one person's is enough. */
    typed(type, list, common, value, set) {
      const listId = `list-${type}`;
      if (!document.getElementById(listId)) {
        document.body.append(h("datalist", { id: listId }, ...list.map((item) => h("option", { value: item.id }, item.name))));
      }
      const resolve = (text) => {
        const found = list.filter((item) => item.name === text.trim());
        return found.length === 1 ? found[0].id : text.trim();
      };
      return h("input", { ...common, type: "text", list: listId, value, autocomplete: "off", title: this.words.type_name, oninput: (event) => set(resolve(event.target.value)) });
    }

    several(given) {
      const { field } = given;
      if (field.type === "table") return this.rows(given);
      if (!field.many) return field.type === "period" ? this.period(given) : this.signature(given);
      if (field.type === "choice" || (field.type === "department" && this.form.company.departments.length <= LONGEST_TICKS)) return this.ticks(given);
      return this.items(given);
    }

    /** A day, and a time where one is known. */
    moment(id, label, get, set, described) {
      const { words } = this;
      const instant = get() && !isDate(get()) ? this.local(get()) : "";
      const date = h("input", { type: "date", id, value: instant.slice(0, 10) || get() || "", max: "9999-12-31", "aria-describedby": described });
      const clock = h("input", { type: "time", value: instant.slice(11, 16), "aria-label": `${label} ${words.clock}`, "aria-describedby": described });
      const change = () => set(date.value && clock.value ? this.form.reader.zone.instant(`${date.value}T${clock.value}`) : date.value);
      date.addEventListener("input", change);
      clock.addEventListener("input", change);
      return h("div", { class: "part" }, h("label", { for: id }, label), h("span", { class: "day-and-time" }, date, clock));
    }

    /** The parts of a value as one object that goes when nothing is left. */
    parts({ get, set }) {
      return (name) => [() => get()?.[name] ?? "", (value) => {
        const next = { ...get(), [name]: value };
        if (!value) delete next[name];
        set(Object.keys(next).length ? next : undefined);
      }];
    }

    period(given) {
      const part = this.parts(given);
      return h("div", { class: "parts" }, ...["from", "to"].map((name, index) => this.moment(index ? `${given.id}-${name}` : given.id, this.words[name], ...part(name), given.described)));
    }

    signature(given) {
      const { id, described, context } = given;
      const part = this.parts(given);
      const { words } = this;
      const text = (name, label) => {
        const [get, set] = part(name);
        return h("div", { class: "part" }, h("label", { for: `${id}-${name}` }, label), h("input", { type: "text", id: `${id}-${name}`, value: get(), "aria-describedby": described, oninput: (event) => set(event.target.value) }));
      };
      const [getPerson, setPerson] = part("person");
      const outsider = this.form.kind.parties.length > 0 || part("name")[0]();
      return h("div", { class: "parts" },
        h("div", { class: "part" }, h("label", { for: id }, words.signed_by), this.pick("person", { id, "aria-describedby": described }, getPerson(), setPerson)),
        outsider ? text("name", words.signed_name) : null,
        this.moment(`${id}-at`, words.signed_at, ...part("at"), described),
        context.plain ? null : text("opinion", words.opinion));
    }

    ticks({ field, id, get, set }) {
      const choices = field.type === "choice" ? field.choices : this.form.company.departments.map((item) => [item.id, item.name]);
      return h("div", { class: "ticks" }, ...choices.map(([value, label], index) => {
        const box = h("input", { type: "checkbox", id: `${id}-${index}`, value });
        box.checked = (Array.isArray(get()) ? get() : []).includes(value);
        box.addEventListener("change", () => {
          const now = new Set(Array.isArray(get()) ? get() : []);
          if (box.checked) now.add(value); else now.delete(value);
          set(now.size ? choices.map(([known]) => known).filter((known) => now.has(known)) : undefined);
        });
        return h("label", {}, box, " ", label);
      }));
    }

    /** A list of single values, each with a button that takes it away. */
    items(given) {
      const { field, id, at, get, set, described } = given;
      const box = h("div", { class: "items" });
      const statesNone = (field.checks ?? []).includes("none-stated");
      const values = () => (Array.isArray(get()) ? get() : []);
      const store = (list) => set(list.length ? list : undefined);
      const draw = (focus) => {
        const none = typeof get() === "string" && NONE.test(get());
        const list = values().length ? values() : [""];
        const rows = none ? [] : list.map((_, index) => {
          const one = this.single({
            ...given, field: { ...field, many: false }, id: `${id}-${index}`, at, described,
            get: () => values()[index] ?? "",
            set: (value) => { const next = values().length ? [...values()] : [""]; next[index] = value ?? ""; store(next); },
          });
          one.setAttribute("aria-label", fill(this.words.row, { label: field.label, index: String(index + 1) }));
          const remove = h("button", { type: "button", class: "quiet", "aria-label": `${this.words.remove} ${field.label} ${index + 1}`, onclick: () => { store(values().filter((_, at) => at !== index)); draw(Math.max(0, index - 1)); } }, this.words.remove);
          return h("div", { class: "item" }, one, list.length > 1 || list[0] ? remove : null);
        });
        const add = none ? null : h("button", { type: "button", class: "quiet", "aria-label": `${this.words.add_item}：${field.label}`, onclick: () => { store([...list, ""]); draw(list.length); } }, this.words.add_item);
        const nothing = statesNone ? h("label", { class: "nothing" }, h("input", { type: "checkbox", onchange: (event) => { set(event.target.checked ? "无" : undefined); draw(); } }), " ", this.words.nothing_attached) : null;
        if (nothing) nothing.firstChild.checked = none;
        box.replaceChildren(...rows, ...[add, nothing].filter(Boolean));
        if (focus !== undefined) box.querySelectorAll(".item input, .item select")[focus]?.focus();
      };
      draw();
      return box;
    }

    /** The rows of a table. */
    rows(given) {
      const { field, at, get, set } = given;
      return this.cards({
        label: field.label, at, fields: field.columns, identity: field.identity,
        list: () => (Array.isArray(get()) ? get() : []),
        store: (list) => set(list.length ? list : undefined),
      });
    }

    /** Rows as cards, in an order that can be changed. */
    cards({ label, at, fields, identity, list, store }) {
      const { words, form } = this;
      const box = h("div", { class: "cards" });
      const title = (index) => fill(words.row, { label, index: String(index + 1) });
      const draw = (focus) => {
        const cards = list().map((row, index) => {
          const move = (to) => { const next = [...list()]; next.splice(to, 0, ...next.splice(index, 1)); store(next); draw(to); form.say(fill(words.row_moved, { index: String(to + 1) })); };
          const button = (word, action, disabled) => h("button", { type: "button", class: "quiet", disabled, "aria-label": `${word}：${title(index)}`, onclick: action }, word);
          const remove = () => { store(list().filter((_, other) => other !== index)); draw(index ? index - 1 : undefined); form.say(fill(words.row_removed, { label, index: String(index + 1) })); if (!index) add.focus(); };
          const here = [...at, index];
          const card = h("fieldset", { class: "card", tabindex: "-1", id: idOf(here) },
            h("legend", {}, title(index)),
            h("div", { class: "complaints", id: `${idOf(here)}-e` }),
            ...fields.map((column) => this.field(column, row, [...here, column.id], { row, fields, index })),
            h("p", { class: "row-tools" }, list().length > 1 ? button(words.up, () => move(index - 1), index === 0) : null, list().length > 1 ? button(words.down, () => move(index + 1), index === list().length - 1) : null, button(words.remove, remove)));
          card.dataset.at = here.join(".");
          return card;
        });
        box.replaceChildren(...cards, add);
        if (focus !== undefined) cards[focus]?.focus();
        form.refresh();
      };
      const add = h("button", { type: "button", class: "button plain", onclick: () => {
        const row = this.fresh(fields, identity, list());
        store([...list(), row]);
        draw(list().length - 1);
        form.say(fill(words.row_added, { label, index: String(list().length) }));
      } }, fill(words.add, { label }));
      draw();
      return box;
    }

    /** A new row; where rows are numbered it has the next number. */
    fresh(fields, identity, rows) {
      const field = fields.find((known) => known.id === identity);
      const prefix = /\^([A-Z]+)\[1-9\]\[0-9\]\*\$/.exec(field?.pattern ?? "")?.[1];
      if (!prefix) return {};
      const highest = Math.max(0, ...rows.map((row) => Number((row[identity] ?? "").slice(prefix.length)) || 0));
      return { [identity]: `${prefix}${highest + 1}` };
    }
  }

  Object.assign(taizhang, { Controls, h, idOf });
})();

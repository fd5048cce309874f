// A form to fill in: sections in the order of the work, what is wrong beside
// each field once it was left and on top when finishing, the file it makes,
// and the way to the forge. Nothing leaves this computer but by a link that a
// person follows; what was typed is kept in localStorage until it is cleared.
"use strict";
(() => {
  const taizhang = (globalThis.taizhangForm ??= {});
  const { fill, h, idOf } = taizhang;

  const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  /** Whether it could be kept: private windows keep nothing. */
  const store = (key, value) => {
    try {
      if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, value);
      return true;
    } catch { return false; }
  };
  const PERSON = "taizhang.person";
  /** Rules whose advice is about keys of a file: beside a field it says nothing. */
  const IN_FILES = ["required-field", "missing-key", "commitment-complete", "signature-complete", "audience-named", "number-pattern", "attachments-stated"];

  class Form {
    constructor(kind, company, root, original) {
      this.reader = new taizhang.Reader(kind, company);
      Object.assign(this, { kind, company, root, original, words: company.words, touched: new Set(), finished: false, findings: [] });
      this.controls = new taizhang.Controls(this);
      this.now = this.reader.zone.now();
      this.key = `taizhang.fill.${original?.values.id ?? kind.id}`;
      this.begin();
      this.draw();
    }

    // ---- the record ---------------------------------------------------------

    begin() {
      let kept = null;
      try { kept = JSON.parse(stored(this.key)); } catch { /* not ours: begin anew */ }
      this.back = kept?.record?.sections ? kept.when : null;
      this.record = this.back ? kept.record : this.fresh();
    }

    fresh() {
      if (this.original) return structuredClone({ audience: "internal", audienceStated: "audience" in this.original.values, ...this.original.values });
      const draft = this.kind.states.find((state) => state.phase === "draft") ?? this.kind.states[0];
      const record = { kind: this.kind.id, id: this.kind.number.next, title: "", state: draft.id, audience: "internal", sections: {} };
      for (const [section, field] of this.prefilled()) {
        const value = field.type === "date" ? this.now.slice(0, 10) : field.type === "instant" ? this.now : undefined;
        if (value) (record.sections[section.id] ??= {})[field.id] = field.many ? [value] : value;
      }
      this.identify(record, "", stored(PERSON) ?? "");
      return record;
    }

    *prefilled() {
      for (const section of this.kind.sections) if (!section.repeated) for (const field of section.fields) if (field.prefill) yield [section, field];
    }

    /** Puts who fills in, and their department, where the last one stood or nobody. */
    identify(record, before, now) {
      const was = this.reader.people.get(before);
      const is = this.reader.people.get(now);
      for (const [section, field] of this.prefilled()) {
        const value = (person) => (field.type === "person" ? person?.id : field.type === "department" ? person?.department : undefined);
        if (!value(is)) continue;
        const row = (record.sections[section.id] ??= {});
        const stands = field.many ? row[field.id]?.[0] : row[field.id];
        if (!stands || stands === value(was)) row[field.id] = field.many ? [value(is)] : value(is);
      }
    }

    /** The record as it is written and judged: what says nothing is left out. */
    cleaned() {
      const value = (field, raw) => {
        if (field.type === "table") return Array.isArray(raw) ? raw.map((row) => clean(field.columns, row)) : undefined;
        if (field.many && Array.isArray(raw)) {
          const items = raw.filter((item) => (typeof item === "string" ? item.trim() !== "" : item));
          return items.length ? items : undefined;
        }
        return raw === "" || raw === null ? undefined : raw;
      };
      const clean = (fields, row) => {
        const out = {};
        for (const field of fields) {
          const is = value(field, row[field.id]);
          // what stood there left open stays so
          if (is !== undefined || (this.original && row[field.id] !== undefined)) out[field.id] = is ?? row[field.id];
        }
        return out;
      };
      const record = { ...this.record, title: (this.record.title ?? "").trim(), id: (this.record.id ?? "").trim(), sections: {} };
      for (const list of ["related", "visible_to"]) if (record[list]) record[list] = record[list].filter((item) => item.trim() !== "");
      for (const section of this.kind.sections) {
        const raw = this.record.sections[section.id];
        if (section.repeated) {
          if (raw?.length) record.sections[section.id] = raw.map((row) => clean(section.fields, row));
          continue;
        }
        const row = clean(section.fields, raw ?? {});
        const begins = this.original ? this.original.values.sections[section.id] !== undefined : this.begins(section);
        if (Object.keys(row).length || begins) record.sections[section.id] = row;
      }
      // a section that the state asks for is there, so that each field says for itself what it lacks
      const check = new taizhang.Check(this.reader, record);
      for (const section of this.kind.sections) {
        if (section.repeated || record.sections[section.id]) continue;
        const entered = check.phase() !== "draft" && section.fields.some((field) => check.state.entered === `${section.id}.${field.id}`);
        if (entered || section.fields.some((field) => check.isRequired(field))) record.sections[section.id] = {};
      }
      return record;
    }

    reach() {
      const open = this.kind.states.find((state) => state.phase === "open" && !state.aside);
      return Math.max(open?.rank ?? 0, this.state().rank);
    }
    state() { return this.reader.states.get(this.record.state) ?? this.kind.states[0]; }
    begins(section) {
      const reach = this.reach();
      return section.fields.some((field) => field.asked || (!field.if && field.from !== undefined && field.from <= reach));
    }

    path() {
      if (this.original) return this.original.path;
      const { folder, folders, department } = this.kind.number;
      const [section, field] = (department ?? "").split(".");
      return `${folders[this.record.sections[section]?.[field]] ?? folder}/${(this.record.id ?? "").trim().replaceAll("/", "_")}.toml`;
    }

    toml(comments) {
      const options = { comments, leaveOpen: !this.original, schema: this.original?.schema, today: this.now.slice(0, 10), now: this.now };
      return taizhang.toToml(this.kind, this.company, this.clean, options);
    }

    // ---- the page -----------------------------------------------------------

    draw() {
      const { words } = this;
      this.status = h("p", { class: "unseen", role: "status" });
      this.summary = h("div", { class: "fault-summary", tabindex: "-1", role: "alert", hidden: true });
      this.sections = h("div", {});
      const notes = this.notes();
      const form = h("form", { novalidate: true, autocomplete: "off" }, this.summary, notes, this.head(), this.sections, this.finishing(), this.take());
      form.addEventListener("submit", (event) => { event.preventDefault(); this.finish(); });
      form.addEventListener("focusout", (event) => {
        const box = event.target.closest("[data-at]");
        if (!box || box.contains(event.relatedTarget) && event.relatedTarget?.closest("[data-at]") === box) return;
        this.touched.add(box.dataset.at);
        this.refresh();
      });
      this.root.replaceChildren(h("div", { class: "fill scripted" }, form, this.aside()), this.status);
      this.drawSections();
      this.refresh();
      // another person, another number: what was kept holds until it is cleared
      if (this.back) this.kept.textContent = fill(words.draft_back, { when: this.back.slice(0, 16).replace("T", " ") });
    }

    notes() {
      const { words, original } = this;
      this.kept = h("span", {}, store(`${this.key}.try`, "1") && store(`${this.key}.try`, null) ? words.draft_kept : words.draft_none);
      const clear = h("button", { type: "button", class: "quiet", onclick: () => {
        store(this.key, null);
        this.back = null;
        this.touched.clear();
        this.finished = false;
        this.record = this.fresh();
        this.draw();
        this.say(words.draft_cleared);
      } }, words.draft_clear);
      const forge = original && taizhang.forge.edit(this.company.forge, original.path);
      const inForge = forge ? h("a", { href: forge, rel: "noopener noreferrer" }, words.edit_in_forge) : null;
      return h("div", { class: "fill-notes" },
        original ? h("p", {}, fill(words.edit_lead, { path: original.path }), " ", fill(words.edit_as_of, { when: this.asOf() })) : null,
        original?.comments ? h("p", { class: "note soon" }, fill(words.edit_comments, { count: String(original.comments) }), " ", inForge) : original ? h("p", {}, inForge) : null,
        h("p", {}, this.kept, " ", clear));
    }

    asOf() { return (document.querySelector(".bar-facts time")?.textContent ?? "").trim(); }

    head() {
      const { words, company, kind, record, original } = this;
      const envelope = company.envelope;
      const field = (id, type, label, hint, more = {}) => ({ id, type, label, hint, ...more });
      const states = kind.states.map((state) => [state.id, state.label]);
      const next = kind.transitions.filter((move) => move.from.includes(kind.states.indexOf(this.state()))).map((move) => kind.states[move.to].label);
      const stateHint = original && next.length ? fill(words.state_now, { state: this.state().label, next: next.join(company.display.list_separator) }) : words.state_hint;
      const fields = [
        field("id", "text", envelope.id, original ? words.number_kept : fill(words.number_hint, { number: kind.number.next }), { from: 0, pattern: kind.number.pattern }),
        field("title", "text", envelope.title, kind.title.hint, { from: 0 }),
        field("state", "choice", envelope.state, stateHint, { choices: states, from: 0 }),
        field("priority", "choice", envelope.priority, undefined, { choices: company.priorities, from: kind.priorityFrom ?? undefined }),
        field("project", "text", envelope.project, words.project_hint),
        field("audience", "choice", envelope.audience, undefined, { choices: company.audiences }),
        field("visible_to", "text", words.visible_to, words.visible_to_hint, { many: true }),
        field("related", "text", envelope.related, words.related_hint, { many: true }),
      ];
      const who = original ? null : h("div", { class: "ask" }, h("label", { for: "who" }, words.who), h("p", { class: "hint", id: "who-h" }, words.who_hint),
        this.controls.pick("person", { id: "who", "aria-describedby": "who-h" }, stored(PERSON) ?? "", (person) => {
          this.identify(record, stored(PERSON) ?? this.person ?? "", person);
          this.person = person;
          store(PERSON, person || null);
          this.drawSections();
          this.changed([]);
        }));
      const boxes = fields.map((each) => this.controls.field(each, record, [each.id], { head: true }));
      if (original) boxes[0].querySelector("input").readOnly = true;
      return h("section", { class: "fill-section open", id: "s-", "aria-labelledby": "s--h" }, h("h2", { id: "s--h" }, words.head_heading), who, ...boxes);
    }

    drawSections() {
      const open = new Set([...this.sections.querySelectorAll("details[open]")].map((details) => details.id));
      this.sections.replaceChildren(...this.kind.sections.map((section) => this.section(section, open.has(`s-${section.id}`))));
    }

    isCurrent(section) {
      const written = this.record.sections[section.id];
      return this.begins(section) && !section.repeated || (section.repeated ? written?.length > 0 : this.clean?.sections[section.id] !== undefined || Object.keys(written ?? {}).length > 0);
    }

    section(section, open) {
      const body = h("div", { class: "fill-body" });
      const details = h("details", { class: "fill-section", id: `s-${section.id}` },
        h("summary", {}, h("h2", {}, section.label), h("span", { class: "tally" })), body);
      details.dataset.at = section.id;
      const build = () => {
        if (body.childElementCount) return;
        body.append(...[section.hint ? h("p", { class: "hint" }, section.hint) : null, h("div", { class: "complaints", id: `${idOf([section.id])}-e` })].filter(Boolean));
        if (section.repeated) {
          body.append(this.controls.cards({
            label: section.label, at: [section.id], fields: section.fields, identity: section.identity,
            list: () => this.record.sections[section.id] ?? [],
            store: (list) => { if (list.length) this.record.sections[section.id] = list; else delete this.record.sections[section.id]; this.changed([section.id]); },
          }));
          return;
        }
        const row = (this.record.sections[section.id] ??= {});
        body.append(...section.fields.map((field) => this.controls.field(field, row, [section.id, field.id])));
      };
      details.build = build;
      details.addEventListener("toggle", () => { if (details.open) { build(); this.refresh(); } });
      if (open || this.isCurrent(section)) { build(); details.open = true; }
      return details;
    }

    finishing() {
      return h("div", { class: "finish" }, h("button", { type: "submit", class: "button" }, this.words.finish), h("p", { class: "hint" }, this.words.rest));
    }

    take() {
      const { words } = this;
      this.comments = h("input", { type: "checkbox", onchange: () => this.refresh() });
      this.comments.checked = !this.original;
      this.preview = h("textarea", { readonly: true, rows: "16", id: "fill-file", spellcheck: "false", wrap: "off" });
      this.taking = h("div", {});
      return h("section", { class: "fill-section fill-take", id: "take", tabindex: "-1", "aria-labelledby": "take-h" },
        h("h2", { id: "take-h" }, words.take_title), this.taking,
        h("p", {}, h("label", {}, this.comments, " ", words.comments)),
        h("label", { for: "fill-file" }, words.preview), this.preview);
    }

    aside() {
      const { words } = this;
      const jump = (id, label) => h("li", {}, h("a", { href: `#${id}`, onclick: (event) => { event.preventDefault(); this.go(document.getElementById(id)); } }, label));
      this.tally = h("p", { class: "tally-all" });
      return h("aside", { class: "fill-aside", "aria-label": words.jump }, this.tally,
        h("ol", {}, jump("s-", words.head_heading), ...this.kind.sections.map((section) => jump(`s-${section.id}`, section.label)), jump("take", words.take_title)));
    }

    // ---- what happens -------------------------------------------------------

    say(text) { this.status.textContent = text; }

    changed(at) {
      if (at[0] === "state") {
        this.clean = this.cleaned();
        for (const section of this.kind.sections) {
          const details = document.getElementById(`s-${section.id}`);
          if (details && !details.open && this.isCurrent(section)) { details.build(); details.open = true; }
        }
      }
      store(this.key, JSON.stringify({ when: this.reader.zone.now(), record: this.record }));
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.refresh(), 120);
    }

    /** Judges the record anew and shows what that changes. */
    refresh() {
      // while the page is drawn there is nothing to show it on
      if (!this.preview?.isConnected) return;
      this.clean = this.cleaned();
      this.findings = taizhang.judge(this.reader, this.clean);
      this.complain();
      this.require();
      this.tell();
      this.preview.value = this.toml(this.comments.checked);
      this.offer();
    }

    /** The element that stands for a place, or for what is around it. */
    boxOf(at) {
      for (let length = at.length; length > 0; length -= 1) {
        const key = at.slice(0, length).join(".");
        const box = this.root.querySelector(`[data-at="${CSS.escape(key)}"]`);
        if (box && (length === at.length || box.querySelector(".complaints"))) return box;
      }
      return null;
    }

    complain() {
      const byBox = new Map();
      for (const finding of this.findings) {
        const box = this.boxOf(finding.at);
        if (!box) continue;
        const shown = this.finished || this.touched.has(box.dataset.at) || this.touched.has(finding.at.join("."));
        if (shown) byBox.set(box, [...(byBox.get(box) ?? []), finding]);
      }
      for (const box of this.root.querySelectorAll("[data-at]")) {
        const place = box.querySelector(".complaints");
        if (!place || place.closest("[data-at]") !== box) continue;
        const findings = byBox.get(box) ?? [];
        const text = findings.map((finding) => finding.level + finding.message + finding.help).join();
        if (place.dataset.says === text) continue;
        place.dataset.says = text;
        place.replaceChildren(...findings.map((finding) => this.complaint(finding)));
        const wrong = findings.some(({ level }) => level === "error");
        box.classList.toggle("at-fault", wrong);
        const control = box.matches(".ask") && !box.matches("fieldset") ? box.querySelector("input, select, textarea") : null;
        if (control) { if (wrong) control.setAttribute("aria-invalid", "true"); else control.removeAttribute("aria-invalid"); }
      }
    }

    complaint(finding) {
      const isFault = finding.level === "error";
      return h("p", { class: isFault ? "fault" : "advice" }, h("b", {}, isFault ? this.words.fault : this.words.advice), finding.message, finding.help && !IN_FILES.includes(finding.rule) ? h("span", { class: "help" }, finding.help) : null);
    }

    /** Which fields the state asks for, in words beside their labels. */
    require() {
      const { words, kind } = this;
      const check = new taizhang.Check(this.reader, this.clean);
      const reach = this.state().rank;
      for (const box of this.root.querySelectorAll("[data-at]")) {
        const mark = box.querySelector("[data-when]");
        if (!mark || mark.closest("[data-at]") !== box) continue;
        const { field, context } = box.asked;
        const names = context.fields ? [this.reader.row(context.fields, context.row), context.index] : [];
        let text = words.optional;
        if (field.if) text = (field.from === undefined || field.from <= reach) && check.phase() !== "draft" && check.conditionHolds(field, ...names) ? words.required : words.sometimes;
        else if (field.from !== undefined) {
          const from = kind.states.find((state) => !state.aside && state.rank === field.from);
          text = field.from <= reach ? words.required : fill(words.later, { state: from?.label ?? "" });
        }
        if (mark.textContent !== text) mark.textContent = text;
        mark.classList.toggle("now", text === words.required);
      }
    }

    /** How much is to be done, on the side, in each section, and on top. */
    tell() {
      const { words } = this;
      const faults = this.findings.filter(({ level }) => level === "error");
      const advice = this.findings.length - faults.length;
      const counted = (word, count) => fill(words[word], { count: String(count) });
      const lines = [faults.length ? counted("summary_title", faults.length) : words.summary_clean, advice ? counted("summary_warnings", advice) : ""];
      const text = lines.filter(Boolean).join(" · ");
      if (this.tally.textContent !== text) this.tally.textContent = text;
      for (const section of this.kind.sections) {
        const place = document.querySelector(`#${CSS.escape(`s-${section.id}`)} > summary .tally`);
        const count = faults.filter(({ at }) => at[0] === section.id).length;
        if (place) place.textContent = this.finished && count ? counted("summary_title", count) : "";
      }
      this.summary.hidden = !this.finished || !this.findings.length;
      if (this.summary.hidden) return;
      this.summary.classList.toggle("only-advice", !faults.length);
      this.summary.replaceChildren(
        h("h2", {}, faults.length ? counted("summary_title", faults.length) : counted("summary_warnings", advice)),
        h("ul", {}, ...[...faults, ...this.findings.filter(({ level }) => level !== "error")].map((finding) => h("li", { class: finding.level === "error" ? "fault" : "advice" },
          h("a", { href: `#${idOf(finding.at)}`, onclick: (event) => { event.preventDefault(); this.goTo(finding.at); } }, finding.message)))));
    }

    goTo(at) {
      // a section may not have been opened yet
      document.getElementById(`s-${at[0]}`)?.build?.();
      this.refresh();
      this.go(this.boxOf(at));
    }

    go(element) {
      if (!element) return;
      for (let around = element.closest("details"); around; around = around.parentElement.closest("details")) { around.build?.(); around.open = true; }
      element.scrollIntoView({ block: "start" });
      const control = element.matches("fieldset, section") ? element : element.querySelector("summary, input, select, textarea, button");
      if (control === element && !element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
      control?.focus({ preventScroll: true });
    }

    finish() {
      this.finished = true;
      this.refresh();
      const wrong = this.findings.some(({ level }) => level === "error");
      if (wrong) { this.summary.scrollIntoView({ block: "start" }); this.summary.focus({ preventScroll: true }); } else this.go(document.getElementById("take"));
    }

    // ---- taking the file away -----------------------------------------------

    async copy() {
      const text = this.preview.value;
      let done = false;
      // from a folder some browsers have no clipboard to write to
      try { await navigator.clipboard.writeText(text); done = true; } catch {
        this.preview.focus();
        this.preview.select();
        try { done = document.execCommand("copy"); } catch { done = false; }
      }
      this.copied.textContent = done ? this.words.copied : this.words.copy_failed;
    }

    offer() {
      const { words, company, original } = this;
      const faults = this.findings.filter(({ level }) => level === "error").length;
      const path = this.path();
      const name = path.slice(path.lastIndexOf("/") + 1);
      const text = this.preview.value;
      const said = `${path}\n${faults}\n${text}`;
      if (this.offered === said && this.taking.isConnected && this.taking.childElementCount) return;
      this.offered = said;
      const note = (word) => h("p", { class: "hint" }, word);
      const link = (href, word, copies) => h("a", { class: "button", href, target: "_blank", rel: "noopener noreferrer", onclick: copies ? () => this.copy() : undefined }, word);
      const ways = [];
      if (!company.forge) ways.push(note(words.forge_none));
      else if (original) ways.push(link(taizhang.forge.edit(company.forge, path), words.to_forge_edit, true), note(words.forge_paste_edit));
      else {
        let way = taizhang.forge.create(company.forge, path, text);
        let dropped = false;
        if (!way.filled && this.comments.checked) {
          const shorter = taizhang.forge.create(company.forge, path, this.toml(false));
          if (shorter.filled) { way = shorter; dropped = true; }
        }
        const takesText = ["github", "gitea", "forgejo"].includes(company.forge.kind);
        ways.push(link(way.href, way.filled ? words.to_forge_filled : way.named ? words.to_forge_named : words.to_forge_plain, !way.filled));
        if (dropped) ways.push(note(words.comments_dropped));
        if (!way.filled) ways.push(note(takesText ? words.forge_too_long : words.forge_paste));
      }
      this.copied = h("span", { role: "status", class: "copied" });
      this.taking.replaceChildren(
        h("p", {}, fill(words.take_lead, { path })),
        faults ? h("p", { class: "note soon" }, fill(words.take_errors, { count: String(faults) })) : "",
        h("div", { class: "ways" }, ...ways),
        h("p", { class: "ways" }, h("button", { type: "button", class: "button plain", onclick: () => this.copy() }, words.copy), " ",
          h("button", { type: "button", class: "button plain", onclick: () => this.download(name) }, fill(words.download, { file: name })), " ", this.copied));
    }

    download(name) {
      const href = URL.createObjectURL(new Blob([this.preview.value], { type: "application/toml" }));
      const link = h("a", { href, download: name });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(href), 10000);
    }
  }

  // ---- what the page is about -----------------------------------------------

  let company = null;
  let kind = null;
  let record = null;

  const note = (root, text, more) => root.replaceChildren(h("p", { class: "note soon" }, text, " ", more), ...root.childNodes);

  const edit = (root, name) => {
    const { words } = company;
    const script = h("script", { src: `${root.dataset.record}${encodeURIComponent(name)}.js` });
    script.addEventListener("error", () => note(root, fill(words.edit_missing, { id: name })));
    script.addEventListener("load", () => {
      if (!record || record.values.kind !== kind.id) return void note(root, fill(words.edit_missing, { id: name }));
      const title = document.getElementById("fill-title");
      title.textContent = `${fill(words.edit_title, { id: record.values.id })} ${record.values.title ?? ""}`;
      document.title = `${title.textContent} · ${document.title.split(" · ").at(-1)}`;
      if (record.trouble.length) {
        const href = taizhang.forge.edit(company.forge, record.path);
        return void note(root, fill(words.edit_trouble, { what: record.trouble.join(company.display.list_separator) }), href ? h("a", { href, rel: "noopener noreferrer" }, words.edit_in_forge) : "");
      }
      new Form(kind, company, root, record);
    });
    document.head.append(script);
  };

  const start = () => {
    const root = document.getElementById("fill");
    if (!root || !company || !kind) return;
    const name = new URLSearchParams(location.search).get("record") ?? "";
    // what is no name of ours leads nowhere
    if (/^[\p{L}\p{N}_~.-]+$/u.test(name)) edit(root, name);
    else new Form(kind, company, root, null);
  };

  taizhang.company = (data) => { company = data; };
  taizhang.record = (data) => { record = data; };
  taizhang.form = (data) => { kind = data; start(); };
})();

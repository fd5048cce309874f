// Long lists, sorted and filtered as a whole: over the data of all their pages,
// not only the rows of the one that is shown. What is chosen stands in the
// address, so that it can be sent on and the way back leads back.
"use strict";
(() => {
  const { taizhang } = window;
  const { stored, load, fill, make, order } = taizhang;
  const ROWS = 100;
  let head = null;
  const parts = new Map();
  taizhang.list = (data) => { head = data; };
  taizhang.part = ([list, part], rows) => parts.set(`${list}/${part}`, rows);

  document.addEventListener("DOMContentLoaded", () => {
    const done = () => { delete document.documentElement.dataset.waiting; };
    const tools = document.querySelector("[data-list]");
    if (!tools || !head) { done(); return; }
    start(tools, done);
  });

  function start(tools, done) {
    const { words, cells } = taizhang;
    const address = tools.dataset.list;
    const root = address.startsWith("../") ? "../" : "";
    const listed = document.getElementById("listed");
    const shown = make("div", { class: "listed", hidden: true });
    listed.after(shown);
    const text = tools.querySelector("[name=q]");
    const tally = tools.querySelector("[data-tally]");
    const reset = tools.querySelector("[data-reset]");
    const filters = tools.querySelector("[data-filters]");
    const all = [...head.columns, ...head.more];
    const usual = all.filter((column) => column.shown).map((column) => column.id);
    const picks = head.columns.filter((column) => column.filter && (column.choices.length > 1 || column.holds === "names"));
    const lateBy = head.columns.findIndex((column) => column.holds === "due");
    const prefix = { person: "p:", department: "d:" };

    // ---- What is chosen, in the address -----------------------------------
    let state = null;
    const read = () => {
      const query = new URLSearchParams(location.search);
      const columns = (query.get("columns") ?? stored.get(`columns.${head.name}`) ?? "").split(",")
        .filter((id) => all.some((column) => column.id === id && !column.hidden));
      const sort = query.get("sort") ?? "";
      return {
        q: query.get("q") ?? "",
        sort: all.some((column) => column.id === sort.replace(/^-/, "")) ? sort : "",
        late: query.get("late") === "1",
        year: head.parts.includes(query.get("year")) ? query.get("year") : "",
        page: Math.max(1, Number.parseInt(query.get("page"), 10) || 1),
        columns: columns.length && columns.join() !== usual.join() ? columns : null,
        picked: Object.fromEntries(picks.map(({ id }) => [id, query.get(id) ?? ""])),
      };
    };
    const write = (kept) => {
      const query = new URLSearchParams();
      const put = (name, value) => { if (value) query.set(name, value); };
      put("q", state.q.trim());
      put("sort", state.sort);
      for (const [id, value] of Object.entries(state.picked)) put(id, value);
      put("year", state.year);
      put("late", state.late && "1");
      put("columns", state.columns && state.columns.join(","));
      put("page", state.page > 1 && String(state.page));
      const search = query.toString().replaceAll("%2C", ",");
      if (search === location.search.slice(1)) return;
      history[kept ? "replaceState" : "pushState"](null, "", (search ? `?${search}` : location.pathname) + location.hash);
    };
    const untouched = () => !state.q.trim() && !state.sort && !state.late && !state.year && !state.columns
      && !Object.values(state.picked).some(Boolean);

    // ---- Rows --------------------------------------------------------------
    const names = load(tools.dataset.names);
    const file = (part) => address.replace(/\.js$/, `-${part}.js`);
    const made = new Map();
    const rowsOf = async (more) => {
      if (!made.has(more)) made.set(more, await makeRows(more));
      return made.get(more);
    };
    const makeRows = async (more) => {
      const files = head.parts.flatMap((part) => (more ? [part, `${part}-more`] : [part]));
      await Promise.all([names, ...files.map((part) => load(file(part)))]);
      let at = 0;
      return head.parts.flatMap((part) => {
        const others = more ? parts.get(`${head.name}/${part}-more`) : null;
        return parts.get(`${head.name}/${part}`).map(([group, ...row], index) => (
          { group, at: at++, part, cells: others ? row.concat(others[index]) : row }));
      });
    };
    const fold = (words) => words.normalize("NFKC").toLowerCase();
    const matching = (rows) => {
      const terms = fold(state.q).split(/\s+/).filter(Boolean);
      const tests = picks.filter(({ id }) => state.picked[id]).map((column) => {
        const index = head.columns.indexOf(column);
        const wanted = state.picked[column.id];
        if (column.holds === "names") {
          const key = (prefix[column.id] ?? "") + wanted;
          return (row) => cells.many(row.cells[index]).some((name) => name === key || name === wanted);
        }
        const choice = column.choices.findIndex(([id]) => id === wanted) + 1;
        return (row) => row.cells[index] === choice;
      });
      if (state.year) tests.push((row) => row.part === state.year);
      if (state.late) tests.push((row) => ["overdue", "escalated"].includes(row.cells[lateBy]?.[2]));
      // What a row says is read once, until other columns are chosen.
      const about = (state.columns ?? usual).join();
      const searched = all.map((column, index) => [column, index])
        .filter(([column]) => !column.hidden && (head.columns.includes(column) || (state.columns ?? usual).includes(column.id)));
      if (terms.length) {
        tests.push((row) => {
          if (row.about !== about) {
            row.said = fold(searched.map(([column, index]) => cells.text(column, row.cells[index])).join("\n"));
            row.about = about;
          }
          return terms.every((term) => row.said.includes(term));
        });
      }
      return rows.filter((row) => tests.every((test) => test(row)));
    };
    const inOrder = (rows) => {
      const id = state.sort.replace(/^-/, "");
      const index = all.findIndex((column) => column.id === id);
      if (index < 0) return rows.sort((a, b) => a.group - b.group || a.at - b.at);
      const sign = state.sort.startsWith("-") ? -1 : 1;
      const keyed = rows.map((row) => [row, cells.key(all[index], row.cells[index])]);
      keyed.sort(([a, x], [b, y]) => {
        if (x === null || y === null) return x === y ? a.at - b.at : x === null ? 1 : -1;
        return sign * cells.compare(all[index], x, y) || a.at - b.at;
      });
      return keyed.map(([row]) => row);
    };

    // ---- Drawing -----------------------------------------------------------
    const sortBy = (id) => change({ sort: state.sort === id ? `-${id}` : state.sort === `-${id}` ? "" : id, page: 1 });
    const headOf = (column) => {
      const button = make("button", { type: "button", title: fill(words.sort, { column: column.label }) }, column.label);
      button.addEventListener("click", () => sortBy(column.id));
      const sorted = state.sort.replace(/^-/, "") === column.id;
      return make("th", {
        scope: "col", class: `h-${column.holds}`, "data-column": column.id,
        "aria-sort": sorted ? (state.sort.startsWith("-") ? "descending" : "ascending") : null,
      }, button);
    };
    const table = (rows) => {
      const chosen = state.columns ?? usual;
      const columns = all.map((column, index) => [column, index]).filter(([column]) => chosen.includes(column.id));
      const drawn = make("table", { class: "sortable", "data-rows": true, "aria-label": tools.getAttribute("aria-label") },
        ...columns.map(([column]) => make("col", { class: `c-${column.holds}` })),
        make("thead", {}, make("tr", {}, ...columns.map(([column]) => headOf(column)))));
      let group = null;
      let body = null;
      for (const row of rows) {
        if (!body || (!state.sort && row.group !== group)) {
          group = row.group;
          body = make("tbody");
          if (!state.sort) {
            body.append(make("tr", { class: "group" }, make("th", { scope: "rowgroup", colspan: columns.length }, head.groups[group])));
          }
          drawn.append(body);
        }
        body.append(make("tr", {}, ...columns.map(([column, index]) => cells.draw(column, row.cells[index], root))));
      }
      // what does not fit scrolls in a window of its own, which the keyboard can reach
      const wide = columns.length > 6;
      return make("div", {
        class: `sheet register stack${wide ? " wide" : ""}`, tabindex: wide ? "0" : null,
        role: wide ? "region" : null, "aria-label": wide ? tools.getAttribute("aria-label") : null,
      }, drawn);
    };
    const pager = (count) => {
      const around = [...new Set([1, ...[-2, -1, 0, 1, 2].map((by) => state.page + by), count])]
        .filter((page) => page >= 1 && page <= count);
      let before = 0;
      const links = around.flatMap((page) => {
        const gap = page > before + 1 ? [make("span", { class: "gap" }, "…")] : [];
        before = page;
        if (page === state.page) return [...gap, make("span", { "aria-current": "page" }, String(page))];
        const button = make("button", { type: "button", "aria-label": fill(words.page, { page }) }, String(page));
        button.addEventListener("click", () => {
          change({ page }).then(() => tools.scrollIntoView());
        });
        return [...gap, button];
      });
      return make("nav", { class: "jump pager", "aria-label": words.pages }, ...links);
    };
    const say = (count) => {
      const values = { count, total: head.total };
      tally.textContent = fill(count === head.total ? words.tally_all : words.tally, values);
      reset.hidden = untouched();
    };

    let turn = 0;
    const apply = async () => {
      const mine = ++turn;
      if (untouched() && state.page === 1) {
        shown.hidden = true;
        shown.replaceChildren();
        listed.hidden = false;
        say(head.total);
        return;
      }
      const needed = new Set([...(state.columns ?? []), state.sort.replace(/^-/, "")]);
      let rows;
      try {
        rows = await rowsOf(head.more.some((column) => needed.has(column.id)));
      } catch {
        tally.textContent = words.failed;
        return;
      }
      if (mine !== turn) return;
      rows = inOrder(matching(rows));
      const pages = Math.max(1, Math.ceil(rows.length / ROWS));
      state.page = Math.min(state.page, pages);
      const focused = shown.contains(document.activeElement) && document.activeElement.closest("th")?.dataset.column;
      const visible = rows.slice((state.page - 1) * ROWS, state.page * ROWS);
      shown.replaceChildren(rows.length ? table(visible)
        : make("p", { class: "empty" }, make("b", {}, words.none), words.none_text));
      if (pages > 1) shown.append(pager(pages));
      taizhang.markLate(shown);
      shown.hidden = false;
      listed.hidden = true;
      say(rows.length);
      if (focused) shown.querySelector(`th[data-column="${CSS.escape(focused)}"] button`)?.focus();
    };

    // ---- Tools -------------------------------------------------------------
    const change = (what, { kept = false } = {}) => {
      state = { ...state, ...what };
      write(kept);
      show();
      return apply();
    };
    const cleared = () => (
      { q: "", sort: "", late: false, year: "", page: 1, columns: null, picked: Object.fromEntries(picks.map(({ id }) => [id, ""])) });
    const labelled = (label, control) => make("label", {}, make("span", {}, label), " ", control);
    const select = (name, options) => {
      const control = make("select", { name }, make("option", { value: "" }, words.any),
        // what has no name is of a kind that this reader does not know
        ...options.filter(([, label]) => label).map(([value, label]) => make("option", { value }, label)));
      control.addEventListener("change", () => {
        change(name === "year" ? { year: control.value, page: 1 } : { picked: { ...state.picked, [name]: control.value }, page: 1 });
      });
      return control;
    };
    for (const column of picks) {
      filters.append(labelled(column.label, select(column.id, column.choices)));
    }
    if (head.years && head.parts.length > 1) {
      filters.append(labelled(words.year, select("year", head.parts.map((year) => [year, year]))));
    }
    const late = make("input", { type: "checkbox", name: "late" });
    late.addEventListener("change", () => change({ late: late.checked, page: 1 }));
    if (lateBy >= 0) filters.append(make("label", {}, late, " ", words.late));
    filters.append(chooser());

    function chooser() {
      const sections = new Map();
      for (const column of all.filter((one) => !one.hidden)) {
        const section = column.section || words.columns_common;
        if (!sections.has(section)) sections.set(section, []);
        const box = make("input", { type: "checkbox", value: column.id });
        sections.get(section).push(make("label", {}, box, " ", column.label));
      }
      const back = make("button", { type: "button" }, words.columns_usual);
      const panel = make("details", { class: "columns" }, make("summary", {}, words.columns),
        make("div", { class: "columns-panel" },
          ...[...sections].map(([label, boxes]) => make("fieldset", {}, make("legend", {}, label), ...boxes)),
          make("p", {}, back)));
      const choose = (ids) => {
        const columns = ids && ids.length && ids.join() !== usual.join() ? ids : null;
        stored.set(`columns.${head.name}`, columns && columns.join(","));
        change({ columns });
      };
      panel.addEventListener("change", () => {
        choose([...panel.querySelectorAll("input:checked")].map((box) => box.value));
      });
      back.addEventListener("click", () => choose(null));
      panel.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && panel.open) { panel.open = false; panel.firstChild.focus(); }
      });
      document.addEventListener("click", (event) => { if (!panel.contains(event.target)) panel.open = false; });
      return panel;
    }

    // People and departments to pick from come with their names.
    names.then(() => {
      for (const column of picks.filter((one) => one.holds === "names")) {
        const control = filters.querySelector(`select[name="${column.id}"]`);
        const start = prefix[column.id] ?? "";
        const known = Object.entries(cells.names).filter(([key]) => key.startsWith(start))
          .map(([key, [name]]) => [key.slice(start.length), name]).sort(([, a], [, b]) => order.compare(a, b));
        if (!known.length) control.parentElement.remove();
        else control.append(...known.map(([value, label]) => make("option", { value }, label)));
      }
      show();
    }, () => {});

    // The tools say what the address says.
    function show() {
      if (text.value.trim() !== state.q.trim()) text.value = state.q;
      late.checked = state.late;
      for (const control of filters.querySelectorAll("select")) {
        control.value = control.name === "year" ? state.year : state.picked[control.name] ?? "";
      }
      const chosen = state.columns ?? usual;
      for (const box of filters.querySelectorAll(".columns input")) box.checked = chosen.includes(box.value);
    }
    let pause = 0;
    text.addEventListener("input", () => {
      clearTimeout(pause);
      // one step back undoes the whole word, not its last letter
      pause = setTimeout(() => change({ q: text.value, page: 1 }, { kept: Boolean(state.q.trim()) && Boolean(text.value.trim()) }), 150);
    });
    reset.addEventListener("click", () => {
      stored.set(`columns.${head.name}`, null);
      text.value = "";
      text.focus();
      change(cleared());
    });
    // A group is jumped to on the page itself.
    for (const jump of document.querySelectorAll(".head .jump a[href^='#']")) {
      jump.addEventListener("click", () => { if (listed.hidden) change(cleared()); });
    }
    // The heads of the page itself sort the whole list, too.
    for (const th of listed.querySelectorAll("th[data-column]")) {
      const column = all.find(({ id }) => id === th.dataset.column);
      const button = make("button", { type: "button", title: fill(words.sort, { column: column.label }) }, ...th.childNodes);
      button.addEventListener("click", () => sortBy(column.id).then(() => {
        shown.querySelector(`th[data-column="${CSS.escape(column.id)}"] button`)?.focus();
      }));
      th.append(button);
      th.closest("table").classList.add("sortable");
    }
    window.addEventListener("popstate", () => { state = read(); show(); apply(); });
    state = read();
    show();
    apply().then(done, done);
  }
})();

// The cells of lists, from data: drawn as src/site/cells.rs draws them, put in
// order by what they mean, read as words. 0 is an empty cell.
"use strict";
(() => {
  const { words, make, order } = window.taizhang;
  const names = {};
  window.taizhang.names = (more) => Object.assign(names, more);

  const many = (cell) => (Array.isArray(cell) ? cell : cell ? [cell] : []);
  const nameOf = (key) => names[key]?.[0] ?? key;

  // 2026-05-20 or 2026-05-20 18:00, with the day of the week.
  const isMoment = (text) => /^-?\d{4,}-\d\d-\d\d( \d\d:\d\d)?$/.test(text);
  const time = (text, iso) => {
    const [day, clock] = text.split(" ");
    const [year, month, date] = day.split("-").map(Number);
    const weekday = new Date(Date.UTC(year, month - 1, date)).getUTCDay() || 7;
    const element = make("time", { datetime: iso ?? text.replace(" ", "T") }, `${day} ${words.weekdays[weekday]}`);
    if (clock) element.append(" ", make("span", { class: "clock" }, clock));
    return element;
  };

  // Numbers and days are not broken at their hyphens.
  const unbroken = (text) => text.split(/([a-z0-9-]+)/i).filter(Boolean).map((piece) => (
    /[a-z0-9]-+[a-z0-9]/i.test(piece) && /\d/.test(piece) ? make("span", { class: "nowrap" }, piece) : piece));
  const title = ([text, href, sub, ...tags], root) => {
    const parts = [make("a", { class: "title", href: root + href }, text)];
    for (const [tone, label] of tags) parts.push(" ", make("span", { class: `tag ${tone}` }, label));
    if (sub) parts.push(" ", make("span", { class: "sub" }, ...unbroken(sub)));
    return parts;
  };
  const subjects = (cell, root) => {
    const links = many(cell).map((key) => {
      const [name, href] = names[key] ?? [key];
      return href ? make("a", { href: root + href }, name) : name;
    });
    if (links.length === 1) return links;
    return [make("span", { class: "chips" }, ...links.map((link) => make("span", {}, link)))];
  };
  const choice = (column, cell) => column.choices[cell - 1];

  const inner = (column, cell, root) => {
    switch (column.holds) {
      case "title": return title(cell, root);
      case "names": return subjects(cell, root);
      case "due": return [time(cell[0], cell[1]), " ", make("span", { class: `rel ${cell[2]}` }, cell[3])];
      default:
    }
    if (typeof cell === "number") {
      const [, label, tone] = choice(column, cell) ?? [];
      return tone ? [make("span", { class: `mark ${tone}` }, label)] : [label ?? ""];
    }
    if (Array.isArray(cell)) {
      const [text, more] = cell;
      // words that lead somewhere, or words with what puts them in order
      return column.holds === "text" && /\.html(#|$)/.test(more) ? [make("a", { href: root + more }, text)] : [more];
    }
    if (column.holds === "prose") return unbroken(cell);
    return [isMoment(cell) && column.holds === "moment" ? time(cell) : cell];
  };

  const draw = (column, cell, root) => {
    if (!cell && column.holds === "names" && column.shown) {
      return make("td", { class: column.class }, make("span", { class: "none" }, words.nobody));
    }
    if (!cell) return make("td", { class: "opt" });
    const cells = make("td", { class: column.class, "data-label": column.shown ? null : column.label }, ...inner(column, cell, root));
    if (column.holds === "due") { cells.dataset.due = cell[1]; cells.dataset.tone = cell[2]; }
    return cells;
  };

  // What a cell is put in order by: numbers by value, dates by time, choices in
  // the order of their definition, words by pinyin.
  const key = (column, cell) => {
    if (!cell) return null;
    if (column.holds === "names") return nameOf(many(cell)[0]);
    if (column.holds === "due") return cell[1];
    return Array.isArray(cell) ? cell[0] : cell;
  };
  const plain = (holds) => holds === "due" || holds === "moment";
  const compare = (column, x, y) => {
    if (typeof x === "number" && typeof y === "number") return x - y;
    if (plain(column.holds)) return x < y ? -1 : x > y ? 1 : 0;
    return order.compare(String(x), String(y));
  };

  // The words of a cell, for the filter.
  const text = (column, cell) => {
    if (!cell) return "";
    if (column.holds === "title") return `${cell[0]} ${cell[2] ?? ""}`;
    if (column.holds === "names") return many(cell).map(nameOf).join(" ");
    if (column.holds === "due") return cell[0];
    if (typeof cell === "number") return choice(column, cell)?.[1] ?? "";
    if (Array.isArray(cell)) return column.holds === "text" && /\.html(#|$)/.test(cell[1]) ? cell[0] : cell[1];
    return cell;
  };

  window.taizhang.cells = { draw, key, compare, text, many, names };
})();

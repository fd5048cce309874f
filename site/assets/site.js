// What a page may add where scripts run; reading needs none of it.
// 1. Rows whose due instant has passed since the page was made say so.
// 2. The navigation shows the page's own entry. 3. Columns of registers sort.
// 4. j and k walk through rows (can be turned off).
"use strict";
(() => {
  const foot = document.querySelector(".foot");
  if (!foot) return;
  const words = foot.dataset;
  const now = Date.now();
  const asOf = Date.parse(words.asOf);

  // On a site nobody has built for a month every row would be marked; then the date in the bar says it all.
  const stale = now - asOf > 30 * 86400000;
  // A due day without a clock is over when that day is over.
  const instant = (iso) => Date.parse(iso.length === 10 ? iso + "T23:59:59.999" : iso);
  for (const row of document.querySelectorAll("[data-due]")) {
    const due = instant(row.dataset.due);
    if (stale || !["soon", "pending", "waiting"].includes(row.dataset.tone)) continue;
    if (!(due > asOf && due < now)) continue;
    const mark = document.createElement("span");
    mark.className = "since-late";
    mark.textContent = words.sinceLate;
    const place = row.querySelector(".rel") || row;
    place.append(" ", mark);
  }

  // The navigation is longer than a low window: the page's own entry is in sight.
  const nav = document.querySelector(".nav");
  const entry = nav && nav.querySelector("[aria-current]");
  if (entry) {
    const below = entry.getBoundingClientRect().bottom - nav.getBoundingClientRect().bottom;
    if (below > 0) nav.scrollTop += below + 32;
  }

  const value = (row, index) => {
    const cell = row.cells[index];
    return cell ? cell.dataset.value ?? cell.textContent.trim() : "";
  };
  for (const table of document.querySelectorAll(".register table")) {
    const body = table.tBodies[0];
    if (!body || body.rows.length < 2) continue;
    [...table.tHead.rows[0].cells].forEach((head, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = words.sort;
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
        const rows = [...body.rows].sort((a, b) => {
          const x = value(a, index), y = value(b, index);
          if (!x || !y) return x ? -1 : y ? 1 : 0;
          return (down ? -1 : 1) * order.compare(x, y);
        });
        body.append(...rows);
      });
    });
  }

  const rows = [...document.querySelectorAll("[data-rows] .title")];
  if (!rows.length) return;
  const stored = () => { try { return localStorage.getItem("taizhang.keys"); } catch { return null; } };
  let on = stored() !== "off";
  const toggle = document.createElement("button");
  toggle.type = "button";
  const label = () => { toggle.textContent = on ? words.keysOn : words.keysOff; };
  toggle.addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem("taizhang.keys", on ? "on" : "off"); } catch { /* private window */ }
    label();
  });
  label();
  foot.append(toggle);
  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const step = event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
    if (!step) return;
    const all = [...document.querySelectorAll("[data-rows] .title")];
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
    if (next) next.focus();
  });
})();

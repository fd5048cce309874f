// Columns of a table that stands whole in its page: put in order in place.
// Long lists are put in order by list.js, over all their pages.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  if (document.querySelector("[data-list]")) return;
  const { words, fill, make, order } = window.taizhang;
  const value = (row, index) => {
    const cell = row.cells[index];
    return cell ? cell.dataset.value ?? cell.textContent.trim() : "";
  };
  for (const table of document.querySelectorAll("table[data-sort]")) {
    const body = table.tBodies[0];
    if (!body || body.rows.length < 2) continue;
    table.classList.add("sortable");
    [...table.tHead.rows[0].cells].forEach((head, index) => {
      const button = make("button", { type: "button", title: fill(words.sort, { column: head.textContent }) });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...body.rows].sort((a, b) => {
          const x = value(a, index), y = value(b, index);
          if (!x || !y) return x ? -1 : y ? 1 : 0;
          return (down ? -1 : 1) * order.compare(x, y);
        });
        body.append(...rows);
      });
    });
  }
});

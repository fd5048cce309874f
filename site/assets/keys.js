// The keyboard: / search, j k rows, Enter opens, p prints, ? tells. Single
// keys can be turned off (WCAG 2.1.4); what they do has buttons and links as well.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const { words, stored, make } = window.taizhang;
  let on = stored.get("keys") !== "off";
  const opener = document.querySelector("button[data-keys]");
  let dialog = null;

  const help = () => {
    if (!dialog) {
      const keys = [["/", words.key_search], ["j", words.key_next], ["k", words.key_previous],
        ["Enter", words.key_open], ["p", words.key_print], ["?", words.key_help]];
      const off = make("input", { type: "checkbox" });
      const close = make("button", { type: "button" }, words.keys_close);
      dialog = make("dialog", { class: "keys", "aria-labelledby": "keys-h" },
        make("h2", { id: "keys-h" }, words.keys_title),
        make("dl", {}, ...keys.map(([key, what]) =>
          make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, what)))),
        make("p", {}, make("label", {}, off, " ", words.keys_off)),
        make("p", {}, close));
      off.checked = !on;
      off.addEventListener("change", () => {
        on = !off.checked;
        stored.set("keys", on ? null : "off");
      });
      close.addEventListener("click", () => dialog.close());
      document.body.append(dialog);
    }
    if (!dialog.open) dialog.showModal();
  };
  if (opener) opener.addEventListener("click", help);

  const step = (by) => {
    const all = [...document.querySelectorAll("[data-rows] .title")].filter((link) => link.getClientRects().length > 0);
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
    if (next) next.focus();
    return Boolean(next);
  };
  const search = () => {
    const box = [...document.querySelectorAll(".bar input[type=search], main input[type=search]")]
      .find((input) => input.getClientRects().length > 0);
    if (box) { box.focus(); box.select(); }
    return Boolean(box);
  };
  const actions = {
    j: () => step(1), k: () => step(-1), "/": search,
    p: () => { window.print(); return true; }, "?": () => { help(); return true; },
  };
  document.addEventListener("keydown", (event) => {
    if (!on || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    if (Object.hasOwn(actions, event.key) && actions[event.key]()) event.preventDefault();
  });
});

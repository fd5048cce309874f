// What every page may add where scripts run; reading needs none of it. Here:
// what other scripts share, rows that became late since the page was made, the
// entry of the navigation in sight, the reader's colours and own page.
"use strict";
window.taizhang = (() => {
  const words = {};
  const loading = new Map();
  const stored = {
    get(key) { try { return localStorage.getItem(`taizhang.${key}`); } catch { return null; } },
    set(key, value) {
      try {
        if (value === null) localStorage.removeItem(`taizhang.${key}`);
        else localStorage.setItem(`taizhang.${key}`, value);
      } catch { /* a private window forgets */ }
    },
  };

  // A file of data, once: it calls one of the functions of this object.
  const load = (src) => {
    if (!loading.has(src)) {
      loading.set(src, new Promise((done, fail) => {
        const script = document.createElement("script");
        script.src = src;
        script.addEventListener("load", () => done());
        script.addEventListener("error", () => { loading.delete(src); fail(new Error(src)); });
        document.head.append(script);
      }));
    }
    return loading.get(src);
  };

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

  const HAN = /\p{Script=Han}/u;
  const foreign = !document.documentElement.lang.startsWith("zh");

  // An element with attributes and children; text stays text.
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === true) element.setAttribute(key, "");
      else if (value !== false && value != null) element.setAttribute(key, value);
    }
    element.append(...children);
    // Chinese words on a page in another language say so (src/site/parts.rs).
    if (foreign && children.some((child) => typeof child === "string" && HAN.test(child))) element.lang = "zh-CN";
    return element;
  };

  const order = new Intl.Collator("zh-CN-u-co-pinyin", { numeric: true });

  return { words, say: (more) => Object.assign(words, more), stored, load, fill, make, order };
})();

document.addEventListener("DOMContentLoaded", () => {
  const { words, stored } = window.taizhang;
  const foot = document.querySelector("[data-as-of]");
  const now = Date.now();
  const asOf = foot ? Date.parse(foot.dataset.asOf) : now;
  // On a site nobody has built for a month every row would be marked; then the date in the bar says it all.
  const stale = now - asOf > 30 * 86400000;
  // A due day without a clock is over when that day is over.
  const instant = (iso) => Date.parse(iso.length === 10 ? iso + "T23:59:59.999" : iso);
  window.taizhang.markLate = (within) => {
    if (stale) return;
    for (const row of within.querySelectorAll("[data-due]")) {
      const due = instant(row.dataset.due);
      if (!["soon", "pending", "waiting"].includes(row.dataset.tone)) continue;
      if (!(due > asOf && due < now)) continue;
      const mark = document.createElement("span");
      mark.className = "since-late";
      mark.textContent = words.since_late;
      (row.querySelector(".rel") || row).append(" ", mark);
    }
  };
  window.taizhang.markLate(document);

  // The navigation is longer than a low window: the page's own entry is in sight.
  const nav = document.querySelector(".nav");
  const entry = nav && nav.querySelector("[aria-current]");
  if (entry) {
    const below = entry.getBoundingClientRect().bottom - nav.getBoundingClientRect().bottom;
    if (below > 0) nav.scrollTop += below + 32;
  }

  // Colours: as the system has them, light, dark.
  const scheme = document.querySelector("button.scheme");
  if (scheme) {
    const all = ["system", "light", "dark"];
    let chosen = document.documentElement.dataset.scheme ?? "system";
    const say = () => { scheme.textContent = scheme.getAttribute(`data-scheme-${chosen}`); };
    scheme.addEventListener("click", () => {
      chosen = all[(all.indexOf(chosen) + 1) % all.length];
      if (chosen === "system") delete document.documentElement.dataset.scheme;
      else document.documentElement.dataset.scheme = chosen;
      stored.set("scheme", chosen === "system" ? null : chosen);
      say();
    });
    say();
  }

  // The same page in another language keeps what is chosen in the address.
  for (const link of document.querySelectorAll("a.language, .language a")) {
    link.addEventListener("click", () => {
      link.search = location.search;
      link.hash = location.hash === "#nav" ? "" : location.hash;
    });
  }

  // "This is me": the bar leads to one's own page from then on.
  const me = document.querySelector("a.me");
  if (me) {
    const lead = () => {
      const page = stored.get("me");
      const own = /^people\/[^/?#]+\.html$/.test(page ?? "") ? page : null;
      me.setAttribute("href", me.dataset.root + (own ?? "organisation.html#main"));
      return own;
    };
    const own = lead();
    const here = location.pathname.split("/").slice(-2).join("/");
    if (own && here === own) me.setAttribute("aria-current", "page");
    const choose = document.querySelector("[data-me]");
    if (choose) {
      choose.setAttribute("aria-pressed", String(own === here));
      choose.addEventListener("click", () => {
        const mine = lead() !== here;
        stored.set("me", mine ? here : null);
        choose.setAttribute("aria-pressed", String(mine));
        lead();
      });
    }
  }
});

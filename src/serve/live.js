// Keeps a served page true: loads it again when the files have changed, and
// shows over it what is wrong with them. Everything it shows is text.
(() => {
  "use strict";
  const script = document.currentScript;
  const [generation, checked] = script.dataset.at.split(".").map(Number);
  const note = script.dataset.note ?? "";
  const here = decodeURI(location.pathname).replace(/^\//, "") || "index.html";
  let panel = null;
  let status = null;
  let shown = "";
  let typed = false;

  // what somebody is filling in is not thrown away
  addEventListener("input", (event) => {
    typed ||= event.target.type !== "search" && event.target.closest("main") !== null;
  });

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function button(text, act) {
    const made = element("button", "", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function stored(name, value) {
    try {
      if (value !== undefined) sessionStorage.setItem(name, value);
      return sessionStorage.getItem(name);
    } catch {
      // then it is as it is at first on every page
      return null;
    }
  }

  function remove() {
    panel?.remove();
    panel = null;
  }

  function say(text) {
    if (!status) {
      status = element("div", "taizhang-status");
      status.setAttribute("role", "status");
      document.body.append(status);
    }
    if (status.textContent !== text) status.textContent = text;
  }

  function entry(item) {
    const made = element("li", item.level);
    made.append(element("strong", "", item.label));
    if (item.place) {
      const place = element(item.page ? "a" : "span", "place", item.place);
      if (item.page) place.href = "/" + item.page;
      made.append(" ", place);
    }
    made.append(element("p", "", item.message));
    if (item.help) made.append(element("p", "help", item.help));
    return made;
  }

  /** `stale` is said when the page is not loaded again though files changed. */
  function show(told, stale) {
    const title = told.items.length ? told.title : stale || note;
    const now = JSON.stringify([told.items, stale]);
    if (panel && now === shown) return;
    const focused = panel?.contains(document.activeElement);
    shown = now;
    remove();
    say(title);
    if (!title || stored("taizhang-dismissed") === shown) return;
    panel = element("section", "taizhang-findings");
    panel.setAttribute("aria-label", title);
    const details = element("details");
    details.open = stale ? true : told.errors > 0 && stored("taizhang-folded") !== "yes";
    const summary = element("summary", "", title);
    summary.addEventListener("click", () => stored("taizhang-folded", details.open ? "yes" : "no"));
    details.append(summary);
    for (const text of [stale, note]) if (text && text !== title) details.append(element("p", "note", text));
    const list = element("ol");
    list.append(...told.items.map(entry));
    if (told.items.length) details.append(list);
    const dismiss = () => {
      stored("taizhang-dismissed", shown);
      remove();
    };
    if (stale) details.append(button(told.reload, () => location.reload()), " ");
    details.append(button(told.dismiss, dismiss));
    panel.append(details);
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") dismiss();
    });
    document.body.append(panel);
    if (focused) summary.focus();
  }

  async function ask(stale) {
    const answer = await fetch("/__taizhang/findings.json", { cache: "no-store" });
    const told = await answer.json();
    show(told, stale ? told.stale : "");
    // the page was made before its findings were known
    const about = told.items.some((item) => item.page === here);
    const lists = /^(about|findings)/.test(here);
    if (told.checked && !checked && !typed && (about || lists)) location.reload();
  }

  const events = new EventSource("/__taizhang/events");
  events.addEventListener("holds", (event) => {
    const [now] = event.data.split(".").map(Number);
    const changed = now !== generation;
    if (changed && !typed) {
      events.close();
      location.reload();
      return;
    }
    ask(changed).catch(() => {});
  });
})();

// Keeps a served page true: loads it again when the files have changed, and
// shows over it what is wrong with them. Everything it shows is text.
(() => {
  "use strict";
  const script = document.currentScript;
  const [generation, checked] = script.dataset.at.split(".").map(Number);
  const here = decodeURI(location.pathname).replace(/^\//, "") || "index.html";
  let panel = null;
  let status = null;
  let shown = "";

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function dismissed() {
    try {
      return sessionStorage.getItem("taizhang-dismissed");
    } catch {
      return null;
    }
  }

  function dismiss() {
    try {
      sessionStorage.setItem("taizhang-dismissed", shown);
    } catch {
      // then it comes again with the next page
    }
    panel.remove();
    panel = null;
  }

  function show(told) {
    if (!status) {
      status = element("div", "taizhang-status");
      status.setAttribute("role", "status");
      document.body.append(status);
    }
    const now = JSON.stringify(told.items);
    if (panel && now === shown) return;
    shown = now;
    panel?.remove();
    panel = null;
    status.textContent = told.items.length ? told.title : "";
    if (!told.items.length || dismissed() === shown) return;
    panel = element("details", "taizhang-findings");
    panel.open = told.errors > 0;
    panel.append(element("summary", "", told.title));
    const close = element("button", "", told.dismiss);
    close.type = "button";
    close.addEventListener("click", dismiss);
    const list = element("ol");
    for (const item of told.items) {
      const entry = element("li", item.level);
      const place = element(item.page ? "a" : "span", "place", item.place);
      if (item.page) place.href = "/" + item.page;
      entry.append(element("strong", "", item.label), " ", place);
      entry.append(element("p", "", item.message));
      if (item.help) entry.append(element("p", "help", item.help));
      list.append(entry);
    }
    panel.append(list, close);
    document.body.append(panel);
  }

  async function ask() {
    const answer = await fetch("/__taizhang/findings.json", { cache: "no-store" });
    const told = await answer.json();
    show(told);
    // the page was made before its findings were known
    const about = told.items.some((item) => item.page === here);
    const lists = /^(about|findings)/.test(here);
    if (told.checked && !checked && (about || lists)) location.reload();
  }

  const events = new EventSource("/__taizhang/events");
  events.addEventListener("holds", (event) => {
    const [now] = event.data.split(".").map(Number);
    if (now !== generation) {
      events.close();
      location.reload();
      return;
    }
    ask().catch(() => {});
  });
})();

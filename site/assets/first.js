// Before the first paint: that scripts run, in which colours the reader reads,
// and whether a list waits for its data. Nothing moves after it has been drawn.
"use strict";
(() => {
  const root = document.documentElement;
  root.dataset.script = "on";
  try {
    const scheme = localStorage.getItem("taizhang.scheme");
    if (scheme === "light" || scheme === "dark") root.dataset.scheme = scheme;
  } catch { /* no storage, no choice */ }
  if (location.search.length > 1) root.dataset.waiting = "on";
})();

// The way from a form to the forge: which address begins a file there, with
// its text or without, and which opens one that exists.
//
// GitHub, Gitea and Forgejo take the text in the address; GitLab takes the
// name; of the others nothing is known but the page itself. Servers refuse
// addresses past some 8 KB, and a Chinese character costs nine bytes.
"use strict";
(() => {
  const taizhang = (globalThis.taizhangForm ??= {});

  const LONGEST = 7500;
  const part = encodeURIComponent;
  const path = (text) => text.split("/").map(part).join("/");

  /**
   * Where a new file is begun: `{ href, filled, named }`, whether text and name
   * go along; null without a forge.
   */
  const create = (forge, file, text) => {
    if (!forge) return null;
    const at = file.lastIndexOf("/");
    const [folder, name] = [file.slice(0, at), file.slice(at + 1)];
    const branch = path(forge.branch);
    const filled = (base) => {
      const named = `${base}?filename=${part(file)}`;
      const whole = `${named}&value=${part(text)}`;
      return whole.length <= LONGEST ? { href: whole, filled: true, named: true } : { href: named, filled: false, named: true };
    };
    switch (forge.kind) {
      case "github": return filled(`${forge.url}/new/${branch}`);
      case "gitea": case "forgejo": return filled(`${forge.url}/_new/${branch}`);
      case "gitlab": return { href: `${forge.url}/-/new/${branch}/${path(folder)}?file_name=${part(name)}`, filled: false, named: true };
      case "gitee": return { href: `${forge.url}/new/${branch}/${path(folder)}`, filled: false, named: false };
      default: return { href: forge.url, filled: false, named: false };
    }
  };

  /** Where an existing file is edited; null without a forge. */
  const edit = (forge, file) => {
    if (!forge) return null;
    const branch = path(forge.branch);
    switch (forge.kind) {
      case "gitea": case "forgejo": return `${forge.url}/_edit/${branch}/${path(file)}`;
      case "gitlab": return `${forge.url}/-/edit/${branch}/${path(file)}`;
      case "github": case "gitee": return `${forge.url}/edit/${branch}/${path(file)}`;
      default: return forge.url;
    }
  };

  Object.assign(taizhang, { forge: { create, edit, LONGEST } });
})();

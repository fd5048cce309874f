// Expressions of a kind, evaluated over a form's values as `check` evaluates
// them over a record's. There is no parser here: a page's policy allows no code
// made of text, so expressions arrive as trees (src/site/fill/expression.rs).
//
// Values: texts, numbers, true and false, null, lists, and rows, which are
// functions from a name to a value. A value that could not be understood has
// no result: Unreadable is thrown, and its own finding says why.
"use strict";
(() => {
  const taizhang = (globalThis.taizhangForm ??= {});

  class Failed extends Error {}
  class Unreadable extends Error {}

  const fail = (what) => { throw new Failed(what); };
  const type = (value) => (value === null ? "null" : Array.isArray(value) ? "list" : typeof value);

  const equal = (a, b) => {
    if (type(a) !== type(b)) return false;
    if (Array.isArray(a)) return a.length === b.length && a.every((item, index) => equal(item, b[index]));
    return a === b;
  };
  // By code point, as the evaluator of `check` compares; UTF-16 differs past the first plane.
  const compareTexts = (a, b) => {
    const [x, y] = [[...a], [...b]];
    for (let index = 0; index < x.length && index < y.length; index += 1) {
      const difference = x[index].codePointAt(0) - y[index].codePointAt(0);
      if (difference) return difference;
    }
    return x.length - y.length;
  };
  const compare = (a, b) => {
    if (type(a) !== type(b)) fail("types");
    if (typeof a === "number") return a - b;
    if (typeof a === "string") return compareTexts(a, b);
    if (typeof a === "boolean") return Number(a) - Number(b);
    return fail("types");
  };
  const size = (value) => {
    if (typeof value === "string") return [...value].length;
    if (Array.isArray(value)) return value.length;
    return fail("size");
  };
  const member = (name, value, wanted) => {
    if (typeof value !== "string" || typeof wanted !== "string") {
      if (name === "contains" && Array.isArray(value)) return value.some((item) => equal(item, wanted));
      return fail(name);
    }
    if (name === "contains") return value.includes(wanted);
    if (name === "startsWith") return value.startsWith(wanted);
    if (name === "endsWith") return value.endsWith(wanted);
    const shape = taizhang.shape(wanted);
    return shape ? shape.test(value) : fail(name);
  };
  const cut = (length) => (value) => {
    if (value === null) return null;
    return typeof value === "string" ? value.slice(0, length) : fail("types");
  };
  const calls = {
    "!_": (value) => (typeof value === "boolean" ? !value : fail("!")),
    "-_": (value) => (typeof value === "number" ? -value : fail("-")),
    "_==_": equal,
    "_!=_": (a, b) => !equal(a, b),
    "_<_": (a, b) => compare(a, b) < 0,
    "_<=_": (a, b) => compare(a, b) <= 0,
    "_>_": (a, b) => compare(a, b) > 0,
    "_>=_": (a, b) => compare(a, b) >= 0,
    "_-_": (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : fail("-")),
    "_*_": (a, b) => (typeof a === "number" && typeof b === "number" ? a * b : fail("*")),
    "_+_": (a, b) => {
      if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
      return type(a) === type(b) && ["number", "string"].includes(typeof a) ? a + b : fail("+");
    },
    "@in": (a, b) => (Array.isArray(b) ? b.some((item) => equal(a, item)) : fail("in")),
    "_[_]": (list, index) => {
      if (typeof list === "function") return list(index);
      if (!Array.isArray(list) || !(index in list)) return fail("index");
      return list[index];
    },
    day: cut(10),
    year: cut(4),
    size,
    string: (value) => (["string", "number", "boolean"].includes(typeof value) ? String(value) : fail("string")),
    double: (value) => (Number.isFinite(Number(value)) ? Number(value) : fail("double")),
    int: (value) => (Number.isFinite(Number(value)) ? Math.trunc(Number(value)) : fail("int")),
  };

  // Both sides are looked at, so that one that fails does not hide one that decides.
  const logical = (decides, left, right) => {
    let failed;
    let value;
    try { value = left(); } catch (error) { if (!(error instanceof Failed)) throw error; failed = error; }
    if (value === decides) return decides;
    const other = right();
    if (failed || typeof value !== "boolean") return other === decides ? decides : fail("logic");
    return typeof other === "boolean" ? other : fail("logic");
  };

  const run = (tree, names) => {
    switch (tree[0]) {
      case "=": return tree[1];
      case "name": return names(tree[1]);
      case "[]": return tree.slice(1).map((item) => run(item, names));
      case ".": {
        const of = run(tree[1], names);
        return typeof of === "function" ? of(tree[2]) : fail(".");
      }
      case "()": {
        const [, name, target, ...rest] = tree;
        if (name === "_&&_") return logical(false, () => run(rest[0], names), () => run(rest[1], names));
        if (name === "_||_") return logical(true, () => run(rest[0], names), () => run(rest[1], names));
        if (name === "_?_:_") {
          const which = run(rest[0], names);
          if (typeof which !== "boolean") fail("?");
          return run(rest[which ? 1 : 2], names);
        }
        // "what is not false": a condition that fails lets the loop go on
        if (name === "@not_strictly_false") {
          try { return run(rest[0], names) !== false; } catch (error) { if (error instanceof Failed) return true; throw error; }
        }
        const values = rest.map((item) => run(item, names));
        if (target) {
          const on = run(target, names);
          return name === "size" ? size(on) : member(name, on, ...values);
        }
        return calls[name] ? calls[name](...values) : fail(name);
      }
      case "for": {
        const [, range, item, result, begin, proceed, step, end] = tree;
        const list = run(range, names);
        if (!Array.isArray(list)) fail("for");
        let gathered = run(begin, names);
        let current = null;
        let failed = null;
        const inner = (name) => {
          if (name === result) { if (failed) throw failed; return gathered; }
          return name === item ? current : names(name);
        };
        for (const value of list) {
          current = value;
          if (!run(proceed, inner)) break;
          try { gathered = run(step, inner); failed = null; } catch (error) {
            if (!(error instanceof Failed)) throw error;
            failed = error;
          }
        }
        current = null;
        return run(end, inner);
      }
      default: return fail(tree[0]);
    }
  };

  /**
   * Whether an expression holds: true, false, or null where that cannot be told
   * here (it fails, or reads what is not understood).
   */
  const holds = (tree, names) => {
    if (!tree) return null;
    try {
      const value = run(tree, names);
      return typeof value === "boolean" ? value : null;
    } catch (error) {
      if (error instanceof Failed || error instanceof Unreadable) return null;
      throw error;
    }
  };

  /**
   * A regular expression of a definition, for a whole search; null where this
   * browser cannot read it. `(?i)` stands for the rest of its branch there.
   */
  const shapes = new Map();
  const shape = (source) => {
    if (!shapes.has(source)) {
      let flags = "u";
      let text = source.replaceAll("\\p{Han}", "\\p{Script=Han}").replaceAll("(?P<", "(?<");
      let made = null;
      try {
        if (text.includes("(?i)")) {
          try { made = new RegExp(text.replace(/\(\?i\)([^]*)$/, "(?i:$1)"), flags); } catch {
            flags += "i";
            text = text.replaceAll("(?i)", "");
          }
        }
        // a sign escaped without need is an error only in this dialect
        made ??= new RegExp(text.replace(/\\([^\w\s^$\\.*+?()[\]{}|/-])/gu, "$1"), flags);
      } catch { made = null; }
      shapes.set(source, made);
    }
    return shapes.get(source);
  };

  Object.assign(taizhang, { holds, shape, compareTexts, Unreadable });
})();

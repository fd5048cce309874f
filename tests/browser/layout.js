// What a reader sees of a page's layout: that no text is cut off or lies on
// another, that nothing scrolls sideways, that the focus shows and is not hidden
// below the bar. All of it is read off the page as it is drawn.
import assert from 'node:assert/strict';

/** The spacing that WCAG 1.4.12 lets readers ask for. */
export const roomy = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }';

/** Puts a style sheet of the reader's over the page's own; the page's policy has no say in it. */
export async function wear(page, css) {
  await page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, css);
}

/** Fails where text lies on other text, sticks out of the window or is cut off. */
export async function expectReadableLayout(page) {
  const faults = await page.evaluate(() => {
    const said = (node) => {
      const element = node.parentElement ?? node;
      const place = element.closest('[id]');
      return `“${node.textContent.trim().slice(0, 24)}” (${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} in #${place?.id ?? ''})`;
    };
    const unseen = (element) => {
      for (let one = element; one; one = one.parentElement) {
        const { clipPath, position } = getComputedStyle(one);
        if (clipPath !== 'none' || position === 'fixed') return true;
      }
      return false;
    };
    const faults = [];
    const pieces = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.textContent.trim() || element.closest('script, noscript, option, select, textarea')) continue;
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || unseen(element)) continue;
      const size = parseFloat(getComputedStyle(element).fontSize);
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) {
        if (rect.width < 2) continue;
        // the letters themselves: a line's box is higher than they are
        const middle = (rect.top + rect.bottom) / 2;
        const piece = { node, left: rect.left + 1, right: rect.right - 1, top: middle - size * 0.38, bottom: middle + size * 0.38 };
        let scrolled = false;
        for (let parent = element; parent && parent !== document.body; parent = parent.parentElement) {
          const { overflowX, overflowY } = getComputedStyle(parent);
          if (overflowX === 'visible' && overflowY === 'visible') continue;
          scrolled = true;
          const window = parent.getBoundingClientRect();
          piece.left = Math.max(piece.left, window.left);
          piece.right = Math.min(piece.right, window.right);
          piece.top = Math.max(piece.top, window.top);
          piece.bottom = Math.min(piece.bottom, window.bottom);
        }
        if (!scrolled && (piece.left < -1 || piece.right > document.documentElement.clientWidth + 1)) faults.push(`sticks out: ${said(node)}`);
        if (piece.right > piece.left && piece.bottom > piece.top) pieces.push(piece);
      }
    }
    pieces.sort((a, b) => a.top - b.top);
    for (const [index, one] of pieces.entries()) {
      for (let next = index + 1; next < pieces.length && pieces[next].top < one.bottom; next += 1) {
        const other = pieces[next];
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - other.top;
        if (one.node !== other.node && across > 1 && down > 1) faults.push(`lie on each other: ${said(one.node)} and ${said(other.node)}`);
      }
    }
    for (const element of document.body.querySelectorAll('*')) {
      const { overflowX, overflowY } = getComputedStyle(element);
      const cuts = (value) => value === 'hidden' || value === 'clip';
      if (!cuts(overflowX) && !cuts(overflowY)) continue;
      if (element.closest('svg') || !element.checkVisibility({ visibilityProperty: true }) || unseen(element) || element.clientWidth < 2) continue;
      if ((cuts(overflowX) && element.scrollWidth > element.clientWidth + 1) || (cuts(overflowY) && element.scrollHeight > element.clientHeight + 2)) faults.push(`cut off: ${said(element)}`);
    }
    return faults;
  });
  const { width } = page.viewportSize();
  assert.deepEqual([...new Set(faults)].slice(0, 12), [], `${page.url()} at ${width} px: ${faults.length} faults`);
}

/** Fails if the page is wider than its window, naming what sticks out. */
export async function expectNoSidewaysScroll(page) {
  const { width, excess, culprits } = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const clipped = (element) => {
      for (let parent = element.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
        if (getComputedStyle(parent).overflowX !== 'visible') return true;
      }
      return false;
    };
    const culprits = [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > width + 1 && !clipped(element))
      .slice(0, 5)
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} ends at ${Math.round(element.getBoundingClientRect().right)}`);
    return { width, excess: document.documentElement.scrollWidth - width, culprits };
  });
  assert.ok(excess <= 0, `${page.url()} is ${excess} px wider than its window of ${width}: ${culprits.join('; ')}`);
}

/** Fails where the keyboard's place does not show, or is hidden below something that stands still (WCAG 2.4.7, 2.4.11). */
export async function expectFocusToShow(page) {
  await page.keyboard.press('Tab');
  const faults = await page.evaluate(() => {
    const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')];
    return stops.flatMap((stop) => {
      if (stop.tabIndex < 0 || stop.disabled || !stop.checkVisibility({ visibilityProperty: true })) return [];
      stop.focus();
      const what = stop.outerHTML.slice(0, 120);
      if (document.activeElement !== stop) return [`takes no focus: ${what}`];
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(stop);
      if (!(outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) && boxShadow === 'none') return [`no focus to be seen: ${what}`];
      const seen = [...stop.getClientRects()].some(({ left, top, right, bottom }) =>
        [0.1, 0.5, 0.9].some((x) => [0.1, 0.5, 0.9].some((y) => {
          // of something larger than the window the part that is in it
          const within = (start, end, part, size) => Math.max(start, 0) + (Math.min(end, size) - Math.max(start, 0)) * part;
          const on = document.elementFromPoint(within(left, right, x, innerWidth), within(top, bottom, y, innerHeight));
          return on && (stop.contains(on) || on.contains(stop) && on !== document.documentElement && on !== document.body);
        })));
      return seen ? [] : [`hidden when it has the focus: ${what}`];
    });
  });
  await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
  assert.deepEqual(faults.slice(0, 12), [], `${page.url()}: ${faults.length} faults`);
}

// Faults of the page as it stands, each in a line: names, roles, relations, contrast.
() => {
  const faults = [], add = (what, el) => faults.push(`${what}: <${el.tagName.toLowerCase()} id="${el.id}" class="${el.className}">`);
  const shown = (el) => el.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && el.getClientRects().length > 0;
  const nameOf = (el) => {
    const by = (el.getAttribute('aria-labelledby') ?? '').split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim();
    const labels = [...(el.labels ?? [])].map((label) => label.textContent).join(' ').trim();
    return by || el.getAttribute('aria-label') || labels || el.getAttribute('title') || el.textContent.trim();
  };
  const needName = 'button, a[href], input, select, textarea, summary, dialog[open], [role=tab], [role=tablist], [role=tabpanel], [role=radiogroup], [role=region], canvas';
  for (const el of document.querySelectorAll(needName)) if (shown(el) && !nameOf(el)) add('no name', el);
  const ids = [...document.querySelectorAll('[id]')].map((el) => el.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) faults.push(`id twice: ${id}`);
  for (const el of document.querySelectorAll('[aria-labelledby], [aria-controls]')) for (const id of `${el.getAttribute('aria-labelledby') ?? ''} ${el.getAttribute('aria-controls') ?? ''}`.split(/\s+/).filter(Boolean)) if (!document.getElementById(id)) add(`names #${id}, which is not there`, el);
  for (const el of document.querySelectorAll('label[for]')) if (!document.getElementById(el.htmlFor)) add('a label for nothing', el);
  for (const el of document.querySelectorAll('[role=radio]')) if (!el.closest('[role=radiogroup]') || !el.hasAttribute('aria-checked')) add('a radio without group or state', el);
  for (const group of document.querySelectorAll('[role=radiogroup]')) if ([...group.querySelectorAll('[role=radio]')].filter((el) => el.tabIndex >= 0).length > 1) add('radios that are each a stop, so that no arrows lead through them', group);
  for (const el of document.querySelectorAll('button[aria-label]')) if (shown(el) && /\p{L}/u.test(el.textContent) && !el.getAttribute('aria-label').toLowerCase().startsWith(el.textContent.trim().toLowerCase())) add('read otherwise than seen', el);
  for (const el of document.querySelectorAll('main[role]')) add('no main part any more', el);
  for (const el of document.querySelectorAll('[role=tab]')) if (!el.closest('[role=tablist]') || !el.hasAttribute('aria-selected')) add('a tab without list or state', el);
  for (const el of document.querySelectorAll('[tabindex]')) if (el.tabIndex > 0) add('an order of its own', el);
  for (const el of document.querySelectorAll('img:not([alt]), iframe')) add('no words for it', el);
  if (!document.documentElement.lang || !document.title.trim()) faults.push('page without language or title');
  if (document.querySelectorAll('main').length !== 1 || document.querySelectorAll('h1').length !== 1) faults.push('not one main and one h1');
  if (!document.querySelector('[aria-live]')) faults.push('no live region');
  const rgb = (text) => { const p = (text.match(/[\d.]+/g) ?? []).map(Number); return text.startsWith('color(srgb') ? [...p.slice(0, 3).map((c) => c * 255), p[3] ?? 1] : [p[0] ?? 0, p[1] ?? 0, p[2] ?? 0, p[3] ?? 1]; };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const backOf = (el) => { const stack = []; for (let at = el; at; at = at.parentElement) { const back = rgb(getComputedStyle(at).backgroundColor); if (back[3] > 0) stack.push(back); if (back[3] === 1) break; } return stack.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]); };
  const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const el = node.parentElement;
    if (!node.textContent.trim() || !el || seen.has(el) || el.closest('svg, script, style, #map, option, :disabled') || !shown(el)) continue;
    seen.add(el);
    const back = backOf(el), ink = over(rgb(getComputedStyle(el).color), back);
    const [a, b] = [light(ink), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05), size = parseFloat(getComputedStyle(el).fontSize);
    if (ratio < (size >= 24 ? 3 : 4.5)) add(`contrast ${ratio.toFixed(2)} of "${node.textContent.trim().slice(0, 30)}"`, el);
  }
  return faults;
}

// What has the focus: its name, whether the focus is seen, and whether anything of it is.
() => {
  const el = document.activeElement, style = getComputedStyle(el), at = el.getBoundingClientRect();
  if (el === document.body) return null;
  const labels = [...(el.labels ?? [])].map((label) => label.textContent).join(' ').trim();
  const by = (el.getAttribute('aria-labelledby') ?? '').split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim();
  const name = by || el.getAttribute('aria-label') || labels || el.getAttribute('title') || el.textContent.trim();
  const spots = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].map(([x, y]) => document.elementFromPoint(at.left + x * at.width, at.top + y * at.height));
  const mine = (top) => top !== null && (el.contains(top) || [...(el.labels ?? [])].some((label) => label.contains(top)));
  return {
    mark: el.walked ?? '', name: name.slice(0, 80), tag: el.tagName.toLowerCase(), id: el.id,
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1, seen: spots.some(mine),
  };
}

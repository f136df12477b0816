// What a page must not have, by rules of WCAG 2.2 AA that a program can check: each function lists the offenders.
({
  unnamed: () => {
    const name = (one) => (one.getAttribute('aria-label') || (one.labels && [...one.labels].map((label) => label.textContent).join('')) || one.textContent || one.title || '').trim();
    const shown = (one) => one.checkVisibility({ visibilityProperty: true });
    return [...document.querySelectorAll('button, a[href], input, select, canvas[tabindex], [role=button], [role=tab], svg[role=img]')]
        .filter((one) => shown(one) && !one.closest('[aria-hidden=true]') && !name(one)).map((one) => one.outerHTML.slice(0, 120));
},
  contrast: (least) => {
    const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1; const brush = canvas.getContext('2d', { willReadFrequently: true });
    const rgba = (colour) => { brush.clearRect(0, 0, 1, 1); brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1); const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
    const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
    const light = ([r, g, b]) => { const f = (v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b); };
    const ground = (one) => { const stack = []; for (let e = one; e; e = e.parentElement) stack.push(rgba(getComputedStyle(e).backgroundColor)); return stack.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]); };
    const bad = [];
    for (const one of document.querySelectorAll('body *')) {
        const text = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
        if (!text || !one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || one.closest('#watermark, [aria-hidden=true], :disabled, noscript, script')) continue;
        const back = ground(one), [a, b] = [light(over(rgba(getComputedStyle(one).color), back)), light(back)].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < least) bad.push([one.id || one.className || one.tagName, one.textContent.trim().slice(0, 30), ratio.toFixed(2)]);
    }
    return bad;
},
  broken: () => {
    const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
    const twice = ids.filter((id, k) => ids.indexOf(id) !== k);
    const named = [...document.querySelectorAll('[aria-labelledby], [aria-describedby], [aria-controls], label[for]')]
        .flatMap((one) => ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for'].flatMap((what) => (one.getAttribute(what) || '').split(' ').filter(Boolean)));
    return [...twice, ...named.filter((id) => !document.getElementById(id))];
},
  roles: () => {
    const within = { tablist: 'tab', listbox: 'option', radiogroup: 'radio' };
    const strange = Object.entries(within).flatMap(([role, child]) => [...document.querySelectorAll(`[role=${role}]`)].flatMap((one) =>
        [...one.querySelectorAll('button, a[href], input, select, li')].filter((part) => part.checkVisibility() && part.getAttribute('role') !== child && part.type !== child)));
    const word = (text) => (text || '').replace(/\s+/g, ' ').trim().toLowerCase();
    const misnamed = [...document.querySelectorAll('button[aria-label], a[aria-label]')].filter((one) => one.checkVisibility() && !word(one.ariaLabel).startsWith(word(one.textContent)));
    return [...strange, ...misnamed].map((one) => one.outerHTML.slice(0, 120));
},
})

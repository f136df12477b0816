// Elements, made without ever reading markup from a string: data becomes text nodes and attributes only.

/** What may stand in an element: nothing for null and false, each of a list's children in turn. */
export type Child = Node | string | null | false | readonly Child[];
type Attributes = Readonly<Record<string, string | number | boolean | null>>;

const nodes = (children: readonly Child[]): (Node | string)[] =>
  children.flatMap((child) => {
    if (child === null || child === false) return [];
    return typeof child === "string" || child instanceof Node ? [child] : nodes(child);
  });

function fill<E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...nodes(children));
  return element;
}

/** An HTML element with attributes and children; strings become text nodes. */
export const h = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] => fill(document.createElement(tag), attributes, children);

/** An element's children in place of those it had. */
export const replace = (element: Element, ...children: readonly Child[]): void =>
  element.replaceChildren(...nodes(children));

/** A button that does something. */
export function button(attributes: Attributes, act: () => void, ...children: Child[]): HTMLButtonElement {
  const made = h("button", { type: "button", ...attributes }, ...children);
  made.addEventListener("click", act);
  return made;
}

/** A form that is sent to us, never to a server. */
export function form(attributes: Attributes, send: () => void, ...children: Child[]): HTMLFormElement {
  const made = h("form", attributes, ...children);
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  return made;
}

/** A box to tick. */
export function tickBox(attributes: Attributes, act: (on: boolean) => void): HTMLInputElement {
  const made = h("input", { type: "checkbox", ...attributes });
  made.addEventListener("change", () => act(made.checked));
  return made;
}

/** A menu of values with their words. */
export function select<T extends string | number>(
  attributes: Attributes,
  options: readonly (readonly [value: T, text: string])[],
  chosen: T | null,
  act: (value: string) => void = () => undefined,
): HTMLSelectElement {
  const made = h(
    "select",
    attributes,
    options.map(([value, text]) => h("option", { value, selected: value === chosen }, text)),
  );
  made.addEventListener("change", () => act(made.value));
  return made;
}

/** An SVG element. */
export const s = <K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] => fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

/** The element with this id, which the page promises to have. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page lacks #${id}`);
  return element;
}

/** A line icon from path data on a 24 x 24 grid. */
export const icon = (path: string): SVGSVGElement =>
  s(
    "svg",
    {
      viewBox: "0 0 24 24",
      width: 20,
      height: 20,
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 1.8,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
      "aria-hidden": "true",
    },
    s("path", { d: path }),
  );

// Links out: only to the web, whatever the data says, and without a word of where the reader comes from.
import { h } from "./dom";

/** Only the web is linked to. */
export const isWebLink = (url: string | null | undefined): url is string => /^https?:\/\//i.test(url ?? "");

export const webLink = (url: string, text: string): HTMLElement =>
  h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, text);

/** " · published at", or nothing where no link may be given. */
export const linkAfter = (url: string | null | undefined, text: string): (Node | string)[] =>
  isWebLink(url) ? [" · ", webLink(url, text)] : [];

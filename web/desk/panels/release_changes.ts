// What an edition would change: ground by who gains it, stretches of line, settlements.
import { button, h } from "../../src/dom";
import { dateText, km2Text, kmText, nameIn } from "../../src/i18n";
import type { Desk } from "../panel";
import { holderChip, holderName } from "../parts/holder";
import type { Changes, Line, ReleaseSay } from "./release_told";

const LINES_TOLD = 12;

function sinceText(desk: Desk, say: ReleaseSay, { since, since_edition: edition }: Changes): string {
  if (edition) return say("since_edition", { edition });
  return say("since_start", { day: dateText(since, desk.store.now.language, "short") });
}

/** " · furthest Red, 1.4 km" */
function furthestText(desk: Desk, say: ReleaseSay, lines: readonly Line[]): string {
  const advances = lines.filter((one) => one.kind === "advance" && one.up_to_km !== null);
  const [far] = advances.sort((a, b) => (b.up_to_km ?? 0) - (a.up_to_km ?? 0));
  if (!far) return "";
  const km = kmText(far.up_to_km ?? 0, desk.store.now.language);
  return ` · ${say("furthest", { side: holderName(desk, far.side), km })}`;
}

/** Ground that went from one holder to another: `red->grey`. */
function moveRow(desk: Desk, move: string, km2: number): HTMLElement {
  const [from = "", to = ""] = move.split("->");
  const size = h("b", {}, km2Text(km2, desk.store.now.language, 1));
  const name = (id: string): (HTMLElement | string)[] => [holderChip(desk, id), " ", holderName(desk, id)];
  return h("li", {}, name(from), " → ", name(to), " ", size);
}

function lineRow(desk: Desk, say: ReleaseSay, one: Line): HTMLElement {
  const { language } = desk.store.now;
  const words = [
    `${holderName(desk, one.side)} ${say(one.kind)}: ${km2Text(one.km2, language, 1)}`,
    one.up_to_km === null ? "" : say("up_to", { km: kmText(one.up_to_km, language) }),
    one.reports.length ? say("reports_n", { n: one.reports.join(", ") }) : "",
  ];
  const go = (): void => desk.map.goTo(one.at);
  return h("li", {}, button({ class: "queue-link" }, go, words.filter(Boolean).join(", ")));
}

function settlementParts(desk: Desk, say: ReleaseSay, found: Changes["settlements"]): HTMLElement[] {
  if (!found.length) return [];
  const status = (word: string | null): string =>
    word === null ? say("unknown") : holderName(desk, word.replace(/^held_/, ""));
  const { language } = desk.store.now;
  const rows = found.map((one) => {
    const name = nameIn(one.names, language, one.name);
    return h("li", {}, say("becomes", { name, from: status(one.from), to: status(one.to) }));
  });
  return [h("h4", {}, say("settlements")), h("ul", { id: "release-settlements" }, rows)];
}

export function changesParts(desk: Desk, say: ReleaseSay, changes: Changes): HTMLElement[] {
  const { language } = desk.store.now;
  const since = h("span", { class: "quiet" }, sinceText(desk, say, changes));
  const title = h("h3", {}, say("changes"), " ", since);
  const moves = Object.entries(changes.transitions_km2);
  if (!moves.length && !changes.settlements.length)
    return [title, h("p", { class: "quiet", id: "release-nothing" }, say("nothing"))];
  const inAll = h("b", {}, say("changed", { km2: km2Text(changes.changed_km2, language, 1) }));
  const moveRows = moves.map(([move, km2]) => moveRow(desk, move, km2));
  const lineRows = changes.lines.slice(0, LINES_TOLD).map((one) => lineRow(desk, say, one));
  return [
    title,
    h("p", { id: "release-changed" }, inAll, furthestText(desk, say, changes.lines)),
    h("ul", { class: "release-moves" }, moveRows),
    h("ul", { class: "release-lines" }, lineRows),
    ...settlementParts(desk, say, changes.settlements),
  ];
}

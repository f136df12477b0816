// The panel of one spot: what it is, whose reports lie there, and why it is so.
import type { Lonlat, PublicDate, ReportFeature } from "../data";
import { h } from "../dom";
import { say } from "../i18n";
import { explain, groundAt, type Explanation } from "../why";
import { claimsBlock } from "./claims";
import type { Context } from "./context";
import { groundLine, notes, settlementAt, settlementHead, spotHead } from "./head";
import { historyBlock } from "./history";
import { otherSays } from "./maps";
import { placeBlock } from "./place";
import { pocketBlock } from "./pocket";
import { publicBlock } from "./public";
import { reportsHere, whyBlock } from "./why";

export { NUMBERED } from "./why";

/** What the map shows of the spot, to everybody. */
function about(context: Context, spot: Lonlat, index: number | null): HTMLElement[] {
  const ground = groundAt(context.sheet, spot);
  const place = index === null ? undefined : context.data.settlements[index];
  const head =
    place && index !== null
      ? settlementHead(context, index, place)
      : [spotHead(spot, context), groundLine(context, ground), ...otherSays(spot, context)];
  return [...head, ...notes(context, ground), ...pocketBlock(context, spot)];
}

/** What a published edition tells of it. */
function told(context: Context, edition: PublicDate, spot: Lonlat, index: number | null): HTMLElement[] {
  const place = index === null ? null : edition.places[index];
  return [
    ...placeBlock(place, context),
    ...publicBlock(context, edition, spot, index),
    ...historyBlock(index, context),
    ...claimsBlock(place, index, context),
  ];
}

/** The panel's content for a spot; with no spot, how to ask. */
export function spotPanel(
  context: Context,
  spot: Lonlat | null,
  reports: readonly ReportFeature[],
): { content: HTMLElement[]; why: Explanation | null } {
  if (spot === null) return { content: [h("p", { class: "hint" }, say(context.language, "hint"))], why: null };
  const index = settlementAt(context.data, spot);
  const edition = context.sheet.public;
  const head = about(context, spot, index);
  if (edition) return { content: [...head, ...told(context, edition, spot, index)], why: null };
  const why = explain(context.data, context.sheet, spot);
  return { content: [...head, ...whyBlock(context, why), ...reportsHere(context, reports)], why };
}

// Where the map looks: the first view, flights to settlements and changes, and what the sheet would cover.
import type { Lonlat, Sheet } from "./data";
import { byId } from "./dom";
import { roundKm } from "./geometry";
import { kmText, metresText } from "./i18n";
import type { WarMap } from "./map";
import { isNarrow } from "./sheet";
import type { Language } from "./state";

const SCALE_PX = 96;
const NEAR_ZOOM = 10.5;
const EARTH_KM = 40075.017;

const isStill = (): boolean => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

const nearZoom = (map: WarMap): number => Math.max(NEAR_ZOOM, map.gl.getZoom());

/** The whole front of a sheet. */
export function fit(map: WarMap, sheet: Sheet, animate: boolean): void {
  const room = isNarrow() ? 28 : 56;
  map.fit(map.frontBox(sheet), { top: room, right: room, bottom: room, left: room }, animate);
}

/** Bring the spot out from under the sheet, which covers the lower or the right part of a small screen, and from under the stamps. */
export function lift(map: WarMap, spot: Lonlat, zoom?: number): void {
  const [stage, sheet] = [byId("stage").getBoundingClientRect(), byId("sheet").getBoundingClientRect()];
  const beside = sheet.left > stage.left + 1;
  const stamped = byId("stamp").getBoundingClientRect().bottom - stage.top;
  const offset: [number, number] = beside
    ? [-Math.max(0, stage.right - sheet.left) / 2, 0]
    : [0, Math.min(0, stamped - Math.max(0, stage.bottom - sheet.top)) / 2];
  map.gl.easeTo({ center: [...spot], offset, ...(zoom === undefined ? {} : { zoom }), duration: isStill() ? 0 : 350 });
}

/** Fly to a spot, near enough to see it. */
export function flyTo(map: WarMap, spot: Lonlat): void {
  map.gl.easeTo({ center: [...spot], zoom: nearZoom(map), duration: isStill() ? 0 : 500 });
}

/** The same flight where the sheet stands in the way. */
export function liftNear(map: WarMap, spot: Lonlat): void {
  if (isNarrow()) lift(map, spot, nearZoom(map));
}

/** The first view, where the address names none: the spot that it names, else the whole front. */
export function aim(map: WarMap, sheet: Sheet, spot: Lonlat | null): void {
  fit(map, sheet, false);
  if (!spot) return;
  map.gl.jumpTo({ center: [...spot], zoom: nearZoom(map) });
  if (isNarrow()) lift(map, spot);
}

/** The scale bar, in round kilometres or metres. */
export function writeScale(map: WarMap, language: Language): void {
  const { lat, zoom } = map.view();
  const kmPerPx = (EARTH_KM * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** zoom);
  const km = roundKm(SCALE_PX * kmPerPx);
  byId("scale").style.width = `${km / kmPerPx}px`;
  byId("scale").textContent = km < 1 ? metresText(km * 1000, language) : kmText(km, language).replace(/[.,]0/, "");
}

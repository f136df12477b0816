// A spot as the server tells it, exactly; what becomes of it without some reports; one day as known at two moments.
import type { Names } from "../../src/data";
import type { Overlay } from "../map";
import type { Say } from "../panel";
import type { Source } from "../parts/source";
import type { WhyKey } from "./why_words";

export type WhySay = Say<WhyKey>;

/** A report or a decision with what it adds: km toward a side, and what chance it moves. */
export type Part = Source & { readonly km: number; readonly p: number; readonly toward: string };

/** `POST /api/why` */
export interface Why {
  readonly at: readonly [number, number];
  readonly cell_km: number;
  readonly near: Names;
  readonly sides: readonly [string, string];
  readonly prior_km: number;
  readonly prior_p: number;
  readonly latent_km: number;
  readonly spread_km: number;
  readonly stands: number;
  readonly p: number;
  readonly shown: Readonly<Record<string, number | boolean | null>>;
  readonly parts: readonly Part[];
  readonly others: { readonly n: number; readonly km: number; readonly p: number };
  readonly flip: { readonly without: readonly string[]; readonly p: number } | null;
}

/** `POST /api/why/without`: before and after a fit without some reports. */
export interface Left {
  readonly ids: readonly string[];
  readonly latent_km: readonly [number, number];
  readonly p: readonly [number, number];
  readonly flips: boolean;
  readonly km2: number;
  readonly line: GeoJSON.Geometry | null;
  readonly ground: GeoJSON.Geometry | null;
}

interface Told {
  readonly n: number;
  readonly reports: readonly Source[];
}

/** Ground that one knowledge gives to another holder than the other does. */
export interface Piece {
  readonly from: string;
  readonly to: string;
  readonly km2: number;
  readonly near: Names;
  readonly geometry: GeoJSON.Geometry | null;
}

/** `GET /api/why/between` */
export interface Between {
  readonly km2: number;
  readonly pieces: readonly Piece[];
  readonly came: Told;
  readonly corrected: Told;
  readonly gone: Told;
  readonly decided: readonly Source[];
}

const [AMBER, RIM, INK] = ["#ffcf33", "#c47f00", "#17191c"];

export const OVERLAY: Overlay = {
  sources: ["why-spot", "why-left"],
  layers: () => [
    {
      id: "why-ground",
      type: "fill",
      source: "why-left",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": AMBER, "fill-opacity": 0.35 },
    },
    {
      id: "why-line",
      type: "line",
      source: "why-left",
      paint: { "line-color": RIM, "line-width": 2, "line-dasharray": [3, 1.5] },
    },
    {
      id: "why-post",
      type: "circle",
      source: "why-spot",
      filter: ["==", ["get", "role"], "post"],
      paint: { "circle-radius": 5, "circle-color": "#fff", "circle-stroke-color": INK, "circle-stroke-width": 1.6 },
    },
    {
      id: "why-mark",
      type: "circle",
      source: "why-spot",
      filter: ["==", ["get", "role"], "spot"],
      paint: { "circle-radius": 8, "circle-color": AMBER, "circle-stroke-color": INK, "circle-stroke-width": 2.2 },
    },
  ],
};

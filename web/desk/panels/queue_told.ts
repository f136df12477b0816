// The queue as the server tells it, what is answered, and how it lies on the map.
import type { Names } from "../../src/data";
import { css } from "../../src/palette";
import type { Overlay } from "../map";
import type { Say } from "../panel";
import { sketchLayers } from "../parts/sketch";
import type { Source } from "../parts/source";
import type { Overdue } from "./queue_looks";
import type { QueueKey } from "./queue_words";

export type QueueSay = Say<QueueKey>;

export interface Proposal {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly km2: number;
  readonly p: number;
  readonly sure: number;
  readonly near: Names;
  readonly at: readonly [number, number];
  readonly reports: readonly Source[];
  readonly against: readonly Source[];
  readonly others_km: number;
  readonly n_others: number;
  readonly geometry: GeoJSON.Geometry;
}
export interface Standing {
  readonly id: string;
  readonly verdict: string;
  readonly until: string;
  readonly by: string;
  readonly reason: string;
  readonly geometry: GeoJSON.Geometry | null;
}
export interface Queue {
  readonly head: string;
  readonly count: number;
  readonly previous: { readonly state: "anchor" | "approved"; readonly as_of: string };
  readonly proposals: readonly Proposal[];
  readonly waiting: { readonly pieces: number; readonly km2: number };
  readonly asks_again: readonly Standing[];
  readonly stands: readonly Standing[];
  readonly locks: readonly {
    readonly id: string;
    readonly by: string;
    readonly reason: string;
    readonly geometry: GeoJSON.Geometry | null;
  }[];
  readonly stands_days: number;
  readonly overdue: Overdue;
}
export interface Settling {
  readonly seen: string;
  readonly p_after: number;
  readonly turns: boolean;
}
export type Verdict = "accept" | "reject" | "edit" | "hold" | "extend" | "release" | "unlock";
/** An answer on its way: to what, which, and what else it needs. */
export interface Answering {
  readonly verdict: Verdict | "approve";
  readonly id: string;
}

export const OVERLAY: Overlay = {
  sources: ["queue", "queue-look", "queue-sketch"],
  layers: (colours) => [
    {
      id: "queue-look",
      type: "line",
      source: "queue-look",
      layout: { "line-cap": "round" },
      paint: { "line-color": "#8a3ffc", "line-opacity": 0.55, "line-width": ["+", 2, ["*", 6, ["get", "share"]]] },
    },
    {
      id: "queue-fill",
      type: "fill",
      source: "queue",
      paint: {
        "fill-color": ["case", ["get", "chosen"], "#ffcf33", css(colours.faint)],
        "fill-opacity": ["case", ["get", "chosen"], 0.35, 0.16],
      },
    },
    {
      id: "queue-edge",
      type: "line",
      source: "queue",
      paint: {
        "line-color": ["case", ["get", "chosen"], "#c47f00", colours.ink],
        "line-width": ["case", ["get", "chosen"], 3, 1.4],
        "line-dasharray": [3, 1.6],
      },
    },
    ...sketchLayers("queue-sketch", "queue-corner"),
  ],
};

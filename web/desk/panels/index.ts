// The panels of the desk, in the order of their tabs: a new panel is one import and one entry.
import type { Panel } from "../panel";
import { panel as entry } from "./entry";
import { panel as places } from "./places";
import { panel as line } from "./line";
import { panel as queue } from "./queue";
import { panel as release } from "./release";
import { panel as why } from "./why";

export const PANELS: readonly Panel[] = [entry, queue, line, why, release, places];

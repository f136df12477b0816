// The panels of the desk, in the order of their tabs: a new panel is one import and one entry.
import type { Panel } from "../panel";
import { panel as entry } from "./entry";

export const PANELS: readonly Panel[] = [entry];

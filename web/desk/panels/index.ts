// The panels of the desk, in the order of their tabs: a new panel is one import and one entry.
import type { Panel } from "../panel";

export const PANELS: readonly Panel[] = [];

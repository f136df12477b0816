// Whose name stands on a decision.
import type { Desk } from "../panel";
import { sharedWords } from "./words";

/** Whether somebody said who they are; if nobody did, they are asked to, and the focus goes there. */
export function isNamed(desk: Desk): boolean {
  if (desk.store.now.editor.trim()) return true;
  desk.announce(desk.words(sharedWords)("by_name"), "fault");
  document.getElementById("editor")?.focus();
  return false;
}

// The desk: asks who and what, draws frame and map, hands each panel what it needs.
import { byId, h } from "../src/dom";
import { Api } from "./api";
import { Frame } from "./frame";
import { frameWords } from "./i18n";
import type { About } from "./panel";
import { PANELS } from "./panels";
import { startState } from "./start";
import { DeskStore } from "./store";

async function start(): Promise<void> {
  const api = new Api((pending) => frame?.pending(pending));
  let frame: Frame | null = null;
  try {
    const about = await api.get<About>("/api/desk");
    const store = new DeskStore(
      startState(
        about,
        PANELS.map((one) => one.id),
      ),
    );
    frame = new Frame(about, api, store, PANELS);
    await frame.open();
  } catch (fault) {
    const told = fault instanceof Error && !(fault instanceof TypeError) ? fault.message : frameWords.en.offline;
    byId("panel").replaceChildren(h("p", { class: "fault", role: "alert" }, told));
  }
}

void start();

// Where the script begins. It runs twice: in the window as the page, in MapLibre's worker as that worker, which has no document.
import { parse } from "./data";
import { byId } from "./dom";
import { Page, sayFault } from "./page";
import { startWorker } from "./worker";

async function start(): Promise<void> {
  try {
    await startWorker();
    await new Page(parse(byId("data").textContent ?? "")).open();
  } catch (fault) {
    console.error(fault);
    sayFault();
  }
}

if (typeof document !== "undefined") void start();

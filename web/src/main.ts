// Where the script begins. It runs twice: in the window as the page, in MapLibre's worker as that worker, which has no document.
import { parse } from "./data";
import { byId } from "./dom";
import { Page, sayFault } from "./page";

async function start(): Promise<void> {
  const page = new Page(parse(byId("data").textContent ?? ""));
  try {
    await page.open();
  } catch (fault) {
    console.error(fault);
    sayFault();
  }
}

if (typeof document !== "undefined") void start();

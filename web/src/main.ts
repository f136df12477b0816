// Where the script begins. It runs twice: in the window as the page, in MapLibre's worker as that worker, which has no document.
import { parse } from "./data";
import { byId } from "./dom";
import { say } from "./i18n";
import { Page } from "./page";
import { LANGUAGES } from "./state";
import { startWorker } from "./worker";

/** Say on the page that it cannot be drawn. */
function sayFault(): void {
  const language = LANGUAGES.find((one) => one === document.documentElement.lang) ?? "en";
  byId("fault").textContent = say(language, "no_webgl");
  byId("fault").hidden = false;
}

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

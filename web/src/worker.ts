// MapLibre's worker: the page's own script once more, which in a worker plays the worker's role.
import { prewarm, setWorkerUrl } from "maplibre-gl";

/** Only known while the script runs for the first time. */
const own = typeof document === "undefined" ? null : (document.currentScript as HTMLScriptElement | null);

async function text(): Promise<string> {
  return own?.src ? (await fetch(own.src)).text() : (own?.textContent ?? "");
}

let made: Promise<string> | null = null;

/** The script as a blob, made once. It ends in .cjs so that MapLibre starts it as a classic worker, the only kind a file:// page may start. */
export const workerUrl = (): Promise<string> =>
  (made ??= text().then((script) => `${URL.createObjectURL(new Blob([script], { type: "text/javascript" }))}#.cjs`));

/** Start the worker before there is a map for it: it takes longer to start than the page does to read its document. */
export async function startWorker(): Promise<void> {
  setWorkerUrl(await workerUrl());
  prewarm();
}

// Fails when a package of the lock file is under anything but a permissive licence.
import { readFile } from "node:fs/promises";

const PERMISSIVE = new Set(["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD"]);
const lock = JSON.parse(await readFile(new URL("package-lock.json", import.meta.url), "utf8"));
const alternatives = (licence) => licence.replaceAll(/[()]/g, "").split(" OR ");
const bad = Object.entries(lock.packages).filter(
  ([path, entry]) => path !== "" && !alternatives(entry.license ?? "none").some((one) => PERMISSIVE.has(one)),
);
for (const [path, entry] of bad)
  console.error(`${path}: licence ${entry.license ?? "not stated"}, wanted one of ${[...PERMISSIVE].join(", ")}`);
process.exitCode = bad.length ? 1 : 0;
console.log(`${Object.keys(lock.packages).length - 1} packages, ${bad.length} with another licence`);

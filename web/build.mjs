// Builds the one file the map page is made from: style, worker and script inlined, nothing fetched.
//   node build.mjs           -> ../src/isofront/publish/page/map.html (a template with holes for title and data)
//                            ../src/isofront/desk/page/desk.{html,js,css} (the desk's page, which its server sends)
//   node build.mjs --page    -> the first of them alone
//   node build.mjs --tests   -> build/tests.mjs, for `node --test`
import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const asset = join(here, "..", "src", "isofront", "publish", "page", "map.html");
const shared = {
  bundle: true,
  minify: true,
  target: "es2022",
  charset: "utf8", // Ukrainian as it is: as \u escapes it is 1.5 kB more to send
  legalComments: "none",
  absWorkingDir: here,
};
const deskFolder = join(here, "..", "src", "isofront", "desk", "page");
const ENGINE = realpathSync(join(here, "node_modules/maplibre-gl/src")); // two paths to one file would be two copies of it

/** The text of one bundled entry point: a file, or a few lines of script. */
async function bundle(entry, options = {}) {
  const from = typeof entry === "string" ? { entryPoints: [entry] } : { stdin: entry };
  const result = await build({ ...shared, ...from, format: "iife", write: false, logLevel: "error", ...options });
  return result.outputFiles[0].text;
}

/** MapLibre from its sources, so that page and worker share one copy of it: 474 -> 336 kB gzipped. What we never use stays out:
 *  the reader of MLT tiles, and all of its package.json but the version. */
const mapEngine = {
  name: "map-engine",
  setup(step) {
    step.onResolve({ filter: /^maplibre-gl(\/worker)?$/ }, ({ path }) => ({
      path: join(ENGINE, path.endsWith("/worker") ? "source/worker.ts" : "index.ts"),
    }));
    step.onResolve({ filter: /^maplibre-gl\/src\// }, ({ path }) => ({
      path: join(ENGINE, `${path.slice("maplibre-gl/src/".length)}.ts`),
    }));
    step.onLoad({ filter: /maplibre-gl.src.source.vector_tile_mlt\.ts$/ }, () => ({
      contents: 'export class MLTVectorTile { constructor() { throw new Error("MLT tiles are not read"); } }',
      loader: "ts",
    }));
    step.onLoad({ filter: /maplibre-gl.package\.json$/ }, async ({ path }) => ({
      contents: JSON.stringify({ version: JSON.parse(await readFile(path, "utf8")).version }),
      loader: "json",
    }));
  },
};

/** One classic script in two roles: in a window it is the page, in a worker MapLibre's worker. `lazily` is for pages that touch the document as they load. */
const script = (page, { lazily = false } = {}) =>
  bundle(
    {
      contents: `import "maplibre-gl/worker";\nimport "./src/post";\n${lazily ? `if (typeof document !== "undefined") require("${page}");` : `import "${page}";`}`,
      resolveDir: here,
    },
    {
      plugins: [mapEngine],
      define: { "import.meta.url": '""' }, // does not exist in a classic script; read only to find a worker on a server
      tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } }, // as MapLibre compiles itself
    },
  );

const sha256 = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;

/** Text for a <script> or <style>: nothing in it may close the element. */
const inline = (text) =>
  text
    .trim()
    .replaceAll(/<\/(script|style)/gi, "<\\/$1")
    .replaceAll("<!--", "<\\!--");

function policy(code, style) {
  return [
    "default-src 'none'",
    `script-src ${sha256(code)}`,
    `style-src ${sha256(style)}`,
    "worker-src blob:",
    "img-src data: blob:",
    "connect-src 'self' data: blob:", // a site's page fetches older days from beside itself; from a file nothing is fetched
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** The licence texts of everything bundled, which must travel with the code; no "--", for they stand in a comment. */
async function notices() {
  const lock = JSON.parse(await readFile(join(here, "package-lock.json"), "utf8"));
  const bundled = Object.entries(lock.packages).filter(
    ([path, entry]) => path !== "" && !entry.dev && !path.includes("@types/"),
  );
  const byTerms = new Map(); // most differ only in whose copyright it is: the terms are given once
  for (const [path, { version, license }] of bundled) {
    const file = (await readdir(join(here, path))).find((name) => /^licen[cs]e/i.test(name));
    const lines = file ? (await readFile(join(here, path, file), "utf8")).split("\n") : [];
    const isOwner = (line) => /^\s*(copyright (\(c\)|©|\d)|(the )?\(?(MIT|ISC)\)? license)/i.test(line);
    const owners = lines.filter((line) => isOwner(line) && /copyright/i.test(line)).map((line) => line.trim());
    const terms = lines
      .filter((line) => !isOwner(line))
      .join(" ")
      .replaceAll(/\s+/g, " ")
      .trim();
    byTerms.set(terms, [
      ...(byTerms.get(terms) ?? []),
      [`${path.replace("node_modules/", "")} ${version} (${license})`, ...owners].join("; "),
    ]);
  }
  const texts = [...byTerms].map(([terms, names]) => `${names.join("\n")}\n${terms}`);
  return ["Third-party software in this page:", ...texts].join("\n\n").replaceAll(/-{2,}/g, "-");
}

async function page() {
  const code = inline(await script("./src/main.ts"));
  const style = inline(await bundle("src/style.css"));
  const template = await readFile(join(here, "src", "page.html"), "utf8");
  const parts = { POLICY: policy(code, style), STYLE: style, SCRIPT: code, NOTICES: await notices() };
  const html = template.replaceAll(/%(POLICY|STYLE|SCRIPT|NOTICES)%/g, (_, name) => parts[name]);
  await mkdir(dirname(asset), { recursive: true });
  await writeFile(asset, html, "utf8");
  console.log(
    `map.html: ${(Buffer.byteLength(html) / 1e6).toFixed(2)} MB, ${(gzipSync(html, { level: 9 }).length / 1e3).toFixed(0)} kB gzipped`,
  );
}

/** The desk's page: three files, for its server sends them under a content policy without inline code. */
async function desk() {
  const files = {
    "desk.js": await script("./desk/main.ts", { lazily: true }),
    "desk.css": await bundle("desk/style.css"),
    "desk.html": (await readFile(join(here, "desk", "desk.html"), "utf8")).replace("%NOTICES%", await notices()),
  };
  await mkdir(deskFolder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(deskFolder, name), text, "utf8");
  console.log(
    `desk: ${(Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6).toFixed(2)} MB`,
  );
}

async function tests() {
  const files = (await readdir(join(here, "test"))).filter((name) => name.endsWith(".test.ts")).sort();
  const contents = files.map((name) => `import "./test/${name}";`).join("\n");
  await build({
    ...shared,
    minify: false,
    stdin: { contents, resolveDir: here },
    format: "esm",
    platform: "node",
    outfile: "build/tests.mjs",
    logLevel: "error",
  });
}

if (process.argv.includes("--tests")) await tests();
else if (process.argv.includes("--page")) await page();
else await Promise.all([page(), desk()]);

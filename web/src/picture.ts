// The view as a PNG at two pixels to one, with all that must not be cut off burnt in: stamp, date, key, disclaimer.
import type { Map as GlMap } from "maplibre-gl";
import { css, type Palette } from "./palette";
import { greyPattern, PATTERN_RATIO, patterns, tile, unobservedPattern } from "./patterns";
import { watermarkPx } from "./watermark";

const PICTURE_RATIO = 2;
const FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif';
const PAD = 14;
const KEY_FONT = `500 12.5px ${FONT}`;
const KEY_ROW = 19;
/** A swatch and the gap behind it. */
const SWATCH_ROOM = 28;

/** One of the theatre's stamps, and how it reads in the reader's language. */
export interface Stamp {
  readonly word: string;
  readonly text: string;
}

/** What a picture says, in the reader's language. */
export interface Caption {
  readonly title: string;
  readonly asOf: string;
  /** Delay, movement, what it is not for; credit. */
  readonly small: readonly string[];
  readonly stamps: readonly Stamp[];
  /** Sides in the palette's order, then grey, then unobserved. */
  readonly legend: readonly string[];
  readonly scale: { readonly px: number; readonly text: string };
  /** Over all of it, if the evidence is invented. */
  readonly watermark: string | null;
}

/** Text in lines that fit a width. */
export function lines(words: readonly string[], fits: (line: string) => boolean): string[] {
  const found: string[] = [];
  for (const word of words) {
    const longer = found.length ? `${found.at(-1)} ${word}` : word;
    if (found.length && fits(longer)) found[found.length - 1] = longer;
    else found.push(word);
  }
  return found;
}

type Brush = CanvasRenderingContext2D;

function wrapped(brush: Brush, text: string, width: number): string[] {
  return lines(text.split(" "), (line) => brush.measureText(line).width <= width);
}

/** The map's canvas drawn at a ratio; the map is as before afterwards. */
async function drawn(gl: GlMap, ratio: number): Promise<HTMLCanvasElement> {
  const before = gl.getPixelRatio();
  gl.setPixelRatio(ratio);
  gl.triggerRepaint();
  await gl.once("idle");
  const source = gl.getCanvas();
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [source.width, source.height];
  copy.getContext("2d")?.drawImage(source, 0, 0);
  gl.setPixelRatio(before);
  return copy;
}

/** A stamp's colour: red warns, but for what may be public and for paper. */
export const stampColour = ({ word }: Stamp, { ink, print, tone }: Palette): string =>
  word === "PUBLIC" || print ? ink : tone === "dark" ? "#ff6b6b" : "#b3121d";

function stamps(brush: Brush, words: readonly Stamp[], colours: Palette): void {
  let x = PAD;
  brush.font = `800 13px ${FONT}`;
  for (const stamp of words) {
    const { text } = stamp;
    const width = brush.measureText(text).width + 18;
    const colour = stampColour(stamp, colours);
    brush.fillStyle = colours.halo;
    brush.fillRect(x, PAD, width, 26);
    [brush.strokeStyle, brush.lineWidth, brush.fillStyle] = [colour, 2, colour];
    brush.strokeRect(x, PAD, width, 26);
    brush.fillText(text, x + 9, PAD + 18);
    x += width + 7;
  }
}

function watermark(brush: Brush, words: string, width: number, height: number, colours: Palette): void {
  brush.save();
  brush.globalAlpha = 0.09;
  brush.fillStyle = colours.ink;
  brush.font = `800 ${watermarkPx(words)}px ${FONT}`;
  brush.rotate((-24 * Math.PI) / 180);
  for (let y = 0, row = 0; y < height + width; y += 110, row++)
    for (let x = -height + (row % 2) * 260; x < width; x += 520) brush.fillText(words, x, y);
  brush.restore();
}

function scaleBar(brush: Brush, { px, text }: Caption["scale"], height: number, colours: Palette): void {
  brush.font = `600 12px ${FONT}`;
  [brush.strokeStyle, brush.fillStyle, brush.lineWidth] = [colours.ink, colours.ink, 1.6];
  brush.beginPath();
  brush.moveTo(PAD, height - 22);
  brush.lineTo(PAD, height - 14);
  brush.lineTo(PAD + px, height - 14);
  brush.lineTo(PAD + px, height - 22);
  brush.stroke();
  brush.fillText(text, PAD + 5, height - 19);
}

/** One swatch of the key's line: a side's fill, or a pattern. */
function swatch(brush: Brush, k: number, x: number, y: number, colours: Palette): void {
  const side = colours.sides[k];
  const id = k === colours.sides.length ? greyPattern("mixed", colours) : unobservedPattern(colours);
  const found = patterns(colours).find((one) => one.id === id);
  const pattern = found ? brush.createPattern(tile(found), "repeat") : null;
  pattern?.setTransform(new DOMMatrix().scale(1 / PATTERN_RATIO));
  brush.fillStyle = colours.land;
  brush.fillRect(x, y, 22, 13);
  brush.fillStyle = side ? css(side.fill, colours.fillOpacity) : (pattern ?? colours.land);
  brush.fillRect(x, y, 22, 13);
  [brush.strokeStyle, brush.lineWidth] = [css(colours.faint, 0.7), 0.8];
  brush.strokeRect(x, y, 22, 13);
}

/** Where the words of the key stand, in rows of the picture's width; the last is how high they are together. */
function legendPlaces(brush: Brush, words: readonly string[], width: number): [[number, number][], number] {
  let [x, y] = [PAD, 0];
  brush.font = KEY_FONT;
  const places = words.map((word): [number, number] => {
    const wide = SWATCH_ROOM + brush.measureText(word).width;
    if (x > PAD && x + wide > width - PAD) [x, y] = [PAD, y + KEY_ROW];
    x += wide + 16;
    return [x - wide - 16, y];
  });
  return [places, y + KEY_ROW];
}

/** The key from `top` down; a word wider than the picture is set narrower. */
function legend(brush: Brush, words: readonly string[], top: number, width: number, colours: Palette): void {
  const [places] = legendPlaces(brush, words, width);
  for (const [k, [x, y]] of places.entries()) {
    swatch(brush, k, x, top + y - 10, colours);
    brush.fillStyle = colours.ink;
    brush.fillText(words[k] ?? "", x + SWATCH_ROOM, top + y + 1, width - PAD - x - SWATCH_ROOM);
  }
}

/** The picture's PNG. The caption stands on its own paper below the map, so that it hides nothing and nothing hides it. */
export async function picture(gl: GlMap, caption: Caption, colours: Palette): Promise<Blob> {
  const map = await drawn(gl, PICTURE_RATIO);
  const [width, height] = [map.width / PICTURE_RATIO, map.height / PICTURE_RATIO];
  const sheet = document.createElement("canvas");
  const brush = sheet.getContext("2d");
  if (!brush) throw new Error("this browser gives no canvas to draw on");
  brush.font = `500 12px ${FONT}`;
  const small = caption.small.flatMap((text) => wrapped(brush, text, (width - 2 * PAD) * 0.96));
  brush.font = `700 16px ${FONT}`;
  const head = wrapped(brush, `${caption.title} · ${caption.asOf}`, width - 2 * PAD);
  const [, keyHeight] = legendPlaces(brush, caption.legend, width);
  const room = 20 + head.length * 21 + keyHeight + small.length * 16 + 14;
  [sheet.width, sheet.height] = [map.width, (height + room) * PICTURE_RATIO];
  brush.drawImage(map, 0, 0);
  brush.scale(PICTURE_RATIO, PICTURE_RATIO);
  if (caption.watermark) watermark(brush, caption.watermark, width, height, colours);
  stamps(brush, caption.stamps, colours);
  scaleBar(brush, caption.scale, height, colours);
  brush.fillStyle = colours.paper;
  brush.fillRect(0, height, width, room);
  brush.fillStyle = colours.ink;
  let y = height + 24;
  brush.font = `700 16px ${FONT}`;
  for (const line of head) {
    brush.fillText(line, PAD, y);
    y += 21;
  }
  legend(brush, caption.legend, y + 2, width, colours);
  y += 2 + keyHeight;
  brush.font = `500 12px ${FONT}`;
  brush.fillStyle = colours.ink;
  for (const line of small) {
    brush.fillText(line, PAD, y);
    y += 16;
  }
  return new Promise((done, fail) =>
    sheet.toBlob((blob) => (blob ? done(blob) : fail(new Error("the picture could not be written"))), "image/png"),
  );
}

/** Hand a file to the reader, without a server. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// A brush that writes SVG instead of pixels, so that a pattern is painted by the same lines on the map and in a drawing.
import type { Brush, Pattern } from "./patterns";

const n = (value: number): string => String(Math.round(value * 100) / 100);

export const escape = (text: string): string =>
  text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

class SvgBrush implements Brush {
  fillStyle: Brush["fillStyle"] = "#000";
  strokeStyle: Brush["strokeStyle"] = "#000";
  lineWidth = 1;
  lineCap: CanvasLineCap = "butt";
  readonly marks: string[] = [];
  #path = "";

  beginPath(): void {
    this.#path = "";
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${n(x)} ${n(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += `L${n(x)} ${n(y)}`;
  }

  closePath(): void {
    this.#path += "Z";
  }

  /** Only ever asked for a full circle. */
  arc(x: number, y: number, r: number): void {
    this.#path += `M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0Z`;
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.marks.push(
      `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${escape(String(this.fillStyle))}"/>`,
    );
  }

  fill(): void {
    this.marks.push(`<path d="${this.#path}" fill="${escape(String(this.fillStyle))}"/>`);
  }

  stroke(): void {
    this.marks.push(
      `<path d="${this.#path}" fill="none" stroke="${escape(String(this.strokeStyle))}" stroke-width="${n(this.lineWidth)}" stroke-linecap="${this.lineCap}"/>`,
    );
  }
}

/** A pattern as an SVG `<pattern>` of its own size in CSS pixels. */
export function svgPattern({ id, sizePx, paint }: Pattern): string {
  const brush = new SvgBrush();
  paint(brush, sizePx);
  return `<pattern id="${escape(id)}" width="${sizePx}" height="${sizePx}" patternUnits="userSpaceOnUse">${brush.marks.join("")}</pattern>`;
}

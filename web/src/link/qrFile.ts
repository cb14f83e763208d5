/** A QR code as a file: the picture's text or pixels, and a name that every system takes. */
import { qrCells, qrPath } from "./qr.ts";

/** Pixels of one module: sharp on paper at the width of a hand. */
const MODULE = 16;
const [DARK, LIGHT] = ["black", "white"];

/** The code as an SVG file of its own, black on white. */
export function qrSvg(text: string): Blob {
  const { size, path } = qrPath(text);
  const side = size * MODULE;
  const picture = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">`,
    `<rect width="${size}" height="${size}" fill="${LIGHT}"/><path d="${path}" fill="${DARK}"/></svg>\n`,
  ].join("");
  return new Blob([picture], { type: "image/svg+xml" });
}

/** The code as a PNG file; null when the browser gives no picture. */
export function qrPng(text: string, page: Document): Promise<Blob | null> {
  const { size, cells } = qrCells(text);
  const canvas = page.createElement("canvas");
  canvas.width = size * MODULE;
  canvas.height = size * MODULE;
  const pen = canvas.getContext("2d");
  if (!pen) return Promise.resolve(null);
  pen.fillStyle = LIGHT;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = DARK;
  for (const { x, y, length } of cells) pen.fillRect(x * MODULE, y * MODULE, length * MODULE, MODULE);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** A file's name from a label or a chat's name: letters and digits of every script stay, and nothing that a path could be. */
export function fileName(name: string, ending: "svg" | "png"): string {
  const plain = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  const short = [...plain].slice(0, 60).join("").replace(/-+$/, "");
  return `${short ? `wicketgate-${short}` : "wicketgate"}.${ending}`;
}

/** A text as the one SVG path of a QR code. */
import { encodeQR } from "qr";

/** The light modules that a reader needs around the code (ISO/IEC 18004). */
const QUIET = 4;

export interface QrPath {
  /** The side of the square view box, quiet zone included. */
  readonly size: number;
  /** The dark modules, each run of a row one rectangle. */
  readonly path: string;
}

/** A stretch of dark modules in a row. */
export interface QrCell {
  readonly x: number;
  readonly y: number;
  readonly length: number;
}

/** The code of a text as stretches. Medium correction: a scratch or a glare on a screen does no harm. */
export function qrCells(text: string): { readonly size: number; readonly cells: readonly QrCell[] } {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: QUIET });
  const cells = rows.flatMap((row, y) => runs(row).map(([x, length]) => ({ x, y, length })));
  return { size: rows.length, cells };
}

/** The code of a text as a path. */
export function qrPath(text: string): QrPath {
  const { size, cells } = qrCells(text);
  return { size, path: cells.map(({ x, y, length }) => square(x, y, length)).join("") };
}

function square(x: number, y: number, width: number): string {
  return `M${x} ${y}h${width}v1h-${width}z`;
}

/** The stretches of dark modules in a row: where each begins and how long it is. */
function runs(row: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  let start = -1;
  for (let x = 0; x <= row.length; x++) {
    const dark = row[x] === true;
    if (dark && start < 0) start = x;
    if (!dark && start >= 0) {
      found.push([start, x - start]);
      start = -1;
    }
  }
  return found;
}

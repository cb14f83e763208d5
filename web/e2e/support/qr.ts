/** Reads a QR code off the screen, as a phone would. */
import type { Locator } from "@playwright/test";
import decodeQR from "qr/decode.js";

/** What the code says that is drawn in this element. */
export async function readQr(element: Locator): Promise<string> {
  const picture = await element.screenshot({ scale: "css" });
  return readPicture(element, `data:image/png;base64,${picture.toString("base64")}`);
}

async function readPicture(element: Locator, picture: string): Promise<string> {
  const browser = element.page().context().browser();
  if (!browser) throw new Error("a page without a browser");
  const scratch = await browser.newPage();
  try {
    return decodeQR(await scratch.evaluate(pixels, picture).then(image));
  } finally {
    await scratch.context().close();
  }
}

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: readonly number[];
}

async function pixels(address: string): Promise<Pixels> {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, picture.width, picture.height);
  pen.drawImage(picture, 0, 0);
  const { width, height, data } = pen.getImageData(0, 0, picture.width, picture.height);
  return { width, height, data: [...data] };
}

function image({ width, height, data }: Pixels) {
  return { width, height, data: Uint8Array.from(data) };
}

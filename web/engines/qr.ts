/** Reads a QR code off the page, as a phone would. */
import decodeQR from "qr/decode.js";
import type { Browser } from "./drive/browser.ts";
import type { Sought } from "./drive/find.ts";

/** What the code says that is drawn in this element, as this browser draws it. */
export async function readQr(browser: Browser, drawing: Sought): Promise<string> {
  const element = await browser.one(drawing);
  await browser.run(draw, element as never);
  await browser.says(/^\d+$/, "#drawn-size");
  const { side, dark } = await browser.run(() => {
    const drawn = document.querySelector("#drawn-size") as HTMLElement;
    return { side: Number(drawn.innerText), dark: drawn.dataset.dark ?? "" };
  });
  const data = Uint8Array.from(
    [...dark].flatMap((bit) => (bit === "1" ? [0, 0, 0, 255] : [255, 255, 255, 255])),
  );
  return decodeQR({ width: side, height: side, data });
}

/** Paints it, in black on white, and leaves the dots on the page for the next command. */
function draw(svg: Element): void {
  const side = 400;
  const copy = svg.cloneNode(true) as Element;
  for (const name of ["width", "height"]) copy.setAttribute(name, String(side));
  const picture = new Image();
  picture.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = side;
    canvas.height = side;
    const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
    pen.fillStyle = "white";
    pen.fillRect(0, 0, side, side);
    pen.drawImage(picture, 0, 0, side, side);
    const { data } = pen.getImageData(0, 0, side, side);
    const drawn = document.createElement("p");
    drawn.id = "drawn-size";
    drawn.textContent = String(side);
    let dark = "";
    for (let at = 0; at < data.length; at += 4) dark += (data[at] ?? 255) < 128 ? "1" : "0";
    drawn.dataset.dark = dark;
    document.body.append(drawn);
  };
  const text = new XMLSerializer().serializeToString(copy);
  picture.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
}

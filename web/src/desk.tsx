/** The partner's desk. */
import { render } from "preact";
import { openVault } from "./crypto/vault.ts";
import { Desk } from "./partner/Desk.tsx";
import { DeskModel } from "./partner/DeskModel.ts";
import { PageNotice } from "./ui/notice.ts";
import { followViewport } from "./ui/viewport.ts";
import "./ui/ui.css";

/** Whether this server has a partner, as the page's data block says; a page without one counts as set up. */
function setupDone(): boolean {
  try {
    const data: unknown = JSON.parse(document.getElementById("boot")?.textContent ?? "");
    return !(typeof data === "object" && data !== null && "setupDone" in data && data.setupDone === false);
  } catch {
    return true;
  }
}

function mount(): void {
  // The desk has its own landmarks: the bar stands beside `main`, not within it.
  const place = document.createElement("div");
  place.id = "app";
  const given = document.getElementById("app");
  if (given) given.replaceWith(place);
  else document.body.prepend(place);
  followViewport(window);
  const desk = new DeskModel({
    page: window,
    vault: openVault(),
    notice: new PageNotice(document),
    setupDone: setupDone(),
  });
  desk.start();
  render(<Desk desk={desk} />, place);
}

mount();

/** The partner's desk. */
// First, for it says in which order the layers of all other styles stand.
import "./ui/ui.css";
import { render } from "preact";
import workerUrl from "./crypto/desk.worker.ts?worker&url";
import { startKeyWorker } from "./crypto/keyWorker.ts";
import { Desk } from "./desk/shell/Desk.tsx";
import { DeskModel } from "./desk/shell/DeskModel.ts";
import { loadDeskTexts } from "./i18n/loadDesk.ts";
import { PageLanguage } from "./i18n/PageLanguage.ts";
import { tDesk } from "./i18n/tDesk.ts";
import { Choices } from "./ui/choices.ts";
import { keepFocus } from "./ui/keepFocus.ts";
import { PageNotice } from "./ui/notice.ts";
import { takeOver } from "./ui/takeOver.ts";
import { refuseTooMuch } from "./ui/tooMuch.ts";
import { followViewport } from "./ui/viewport.ts";

/** Whether this server has a partner, as the page's data block says; a page without one counts as set up. */
function setupDone(): boolean {
  try {
    const data: unknown = JSON.parse(document.getElementById("boot")?.textContent ?? "");
    return !(typeof data === "object" && data !== null && "setupDone" in data && data.setupDone === false);
  } catch {
    return true;
  }
}

async function mount(): Promise<void> {
  followViewport(window);
  const choices = new Choices(() => localStorage);
  keepFocus(document);
  refuseTooMuch(document, () => tDesk("fault.crypto.too_long"));
  const language = new PageLanguage({
    root: document.documentElement,
    wanted: navigator.languages,
    choices,
    load: loadDeskTexts,
  });
  const desk = new DeskModel({
    page: window,
    keyWorker: startKeyWorker(workerUrl),
    notice: new PageNotice(document, choices),
    language,
    setupDone: setupDone(),
  });
  desk.start();
  // What the server wrote stays until there are texts.
  await language.begin();
  render(<Desk desk={desk} />, ownPlace());
}

/** The desk has its own landmarks: the bar stands beside `main`, not within it. */
function ownPlace(): HTMLElement {
  const place = document.createElement("div");
  place.id = "app";
  const given = document.getElementById("app");
  if (given) given.replaceWith(place);
  else document.body.prepend(place);
  return place;
}

mount().catch(takeOver(document));

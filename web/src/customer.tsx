/** The customer's page: starts the key worker, builds the notice, and goes to the door or into the chat. */
import "./ui/ui.css";
import "./link/door.css";
import "./chat/chat.css";
import "./customer/customer.css";
import { render } from "preact";
import workerUrl from "./crypto/customer.worker.ts?worker&url";
import { askPersistence, startKeyWorker } from "./crypto/keyWorker.ts";
import { parseBoot } from "./customer/boot.ts";
import { CustomerModel } from "./customer/CustomerModel.ts";
import { Page } from "./customer/Page.tsx";
import { SeldomLoader } from "./customer/SeldomLoader.ts";
import { loadCustomerTexts } from "./i18n/loadCustomer.ts";
import { PageLanguage } from "./i18n/PageLanguage.ts";
import { chatOfPath, doorPath, readAddress, SEVERAL } from "./link/link.ts";
import { Choices } from "./ui/choices.ts";
import { keepFocus } from "./ui/keepFocus.ts";
import { PageNotice } from "./ui/notice.ts";
import { takeOver } from "./ui/takeOver.ts";
import { followViewport } from "./ui/viewport.ts";

/** Reads the address before anything else, and makes it whole where a messenger bent it. */
async function begin(place: HTMLElement): Promise<void> {
  const boot = parseBoot(document.getElementById("boot")?.textContent);
  const address = readAddress(location) ?? (await import("./link/findLink.ts")).bentAddress(location.href);
  const choices = new Choices(() => localStorage);
  const notice = new PageNotice(document, choices);
  const model = new CustomerModel({
    keyWorker: startKeyWorker(workerUrl),
    notice,
    origin: location.origin,
    replaceAddress: (path) => history.replaceState(null, "", path),
    askPersistence: () => void askPersistence(),
    now: Date.now,
  });
  notice.subjectOf = () => model.alertSubject;
  const linkId = address.linkId ?? (boot.kind === "door" ? boot.linkId : null);
  const chatRef = boot.kind === "chat" ? boot.chatRef : chatOfPath(location.pathname);
  if (linkId !== null) {
    if (address.fragment !== SEVERAL) history.replaceState(null, "", doorPath(linkId, address.fragment));
    // The server does not find the name of a link where a program put something into it.
    const known = boot.kind === "door" && boot.linkId === linkId ? boot.door : null;
    void model.atDoor(linkId, address.fragment, known);
    // The whole address, given to a page that had it without its end: to the browser that is no new page.
    addEventListener("hashchange", () => location.reload());
  } else if (chatRef !== null) {
    void model.enter(chatRef);
  }
  const language = new PageLanguage({
    root: document.documentElement,
    wanted: navigator.languages,
    choices,
    load: async (language) => {
      const loaded = await Promise.all([loadCustomerTexts(language), loader.texts(language)]);
      return () => {
        for (const apply of loaded) apply();
      };
    },
  });
  const loader = new SeldomLoader(
    () => import("./customer/seldom.ts"),
    () => language.current.peek(),
    () =>
      fetch("/healthz").then(
        ({ ok }) => ok,
        () => false,
      ),
  );
  // What the server wrote stays until there are texts.
  await language.begin();
  if (model.dead) await loader.fetch();
  // It is a whole sentence about a dead end: what can't be had is no reason to take it away.
  if (loader.state.peek().kind === "failed") return;
  place.replaceChildren();
  render(<Page model={model} notice={notice} language={language} loader={loader} />, place);
}

followViewport(window);
keepFocus(document);
const place = document.getElementById("app");
const failed = takeOver(document);
if (place) begin(place).catch(failed);

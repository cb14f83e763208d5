/** What most customers never see, in one file: one that is bigger compresses better than many. */
export { EndChat } from "../chat/EndChat.tsx";
export { SafetyWords } from "../chat/SafetyWords.tsx";
export { loadSeldomTexts, tSeldom } from "../i18n/tSeldom.ts";
export { DeadDoor } from "../link/DeadDoor.tsx";
export { FilesRefused } from "../ui/FilesRefused.tsx";
export { Closed } from "./Closed.tsx";
export { Failed } from "./Failed.tsx";
export { Elsewhere, NoKey } from "./Keyless.tsx";
export { NotifyDialog } from "./NotifyDialog.tsx";

/** All of it. */
export type Seldom = typeof import("./seldom.ts");

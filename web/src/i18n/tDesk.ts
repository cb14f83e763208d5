/** The texts of the desk, which the customer's page never loads. */
import english from "./catalogues/en/desk.json";
import { type Translator, translator } from "./t.ts";

/** The keys of the desk's texts. */
export type DeskTextKey = keyof typeof english;

/** What only the desk says, in the language of the page. */
export const tDesk: Translator<DeskTextKey> = translator(english);

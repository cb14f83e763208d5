/** What loads a catalogue's texts in each other language, as the build makes it of the folders of catalogues. */
declare module "*.json?translations" {
  export const translations: import("./loadTexts.ts").TranslationTable;
}

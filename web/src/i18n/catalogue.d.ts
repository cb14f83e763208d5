/** A language's words in the order of the English keys, as the build makes them of its catalogue. */
declare module "*.json?words" {
  export const words: import("./t.ts").Words;
}

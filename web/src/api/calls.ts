/** Which call takes and answers what, read from the API's own description: no name or shape is written twice. */
import type { paths } from "./types.gen.ts";

type Method = "get" | "post";

/** Every call by method and path, for example `POST /api/links/{ref}/revoke`. */
export type CallName = {
  [P in keyof paths & string]: {
    [M in Method]: paths[P][M] extends object ? `${Uppercase<M>} ${P}` : never;
  }[Method];
}[keyof paths & string];

type Operation<N extends CallName> = N extends `${infer M} ${infer P}`
  ? P extends keyof paths
    ? Lowercase<M> extends keyof paths[P]
      ? paths[P][Lowercase<M>]
      : never
    : never
  : never;

type Json<T> = T extends { content: { "application/json": infer Value } } ? Value : never;

/** The body that a call takes; `never` when it takes none. */
export type BodyOf<N extends CallName> =
  Operation<N> extends { requestBody: infer Body } ? Json<Body> : never;

/** What a call answers when it is granted. */
export type AnswerOf<N extends CallName> =
  Operation<N> extends { responses: { 200: infer Answer } } ? Json<Answer> : never;

type Braces<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Braces<Rest>
  : never;

/** The names in a call's path. */
export type PathOf<N extends CallName> = Braces<N>;

/**
 * What WebKit says of a page that is being left. It lets such a page load nothing more (`CachedResource::load` in its
 * source) and calls that access control: a script that hears that its fetch was cut, and begins another, is reproached
 * with it at once. No person sees what becomes of it.
 *
 * A refusal that means something does not look so. What a page asks of its own origin is under no access control; and
 * where the answer comes from another one after all, or a policy forbids the question, WebKit says why in a line of its
 * own, `CONSOLE SECURITY ERROR`, which is a complaint as ever.
 */

const REFUSED =
  /^(https?:\/\/[^/]+)\/\S*:\d+:\d+: CONSOLE JS ERROR (?:Fetch API c|C)annot load (\S+) due to access control checks\.$/;

/** Whether this line says no more than that a page that is left may load nothing from its own origin. */
export function isOfLeaving(line: string): boolean {
  const [, origin = "", asked = ""] = REFUSED.exec(line) ?? [];
  return asked.startsWith(`${origin}/`) && origin !== "";
}

/** @hey-api/openapi-ts, with `auth: () => KEY` as its pages show it: create, look, validate, used, create. */
import { check, settings } from "./settings";
import { client } from "./generated/client.gen";
import { generateLink, listLinks, lookAtDoor, revokeLink, showLink, validateLink } from "./generated";

async function main(): Promise<void> {
  const { url, key, partner } = settings();
  client.setConfig({ baseUrl: url, auth: () => key });

  const made = await generateLink({ body: { chatId: "hey-1" }, headers: { "Idempotency-Key": "hey-1" } });
  check(made.data?.success === true, "a link is made", made.error);
  const { linkId, ref } = made.data;

  const door = await lookAtDoor({ body: { linkId } });
  check(door.data?.state === "valid" && door.data.partnerId === partner, "looking leaves it valid", door.error);

  const used = await validateLink({ body: { linkId } });
  check(used.data?.chatId === "hey-1", "it opens its chat", used.error);
  const again = await validateLink({ body: { linkId } });
  check(again.response?.status === 410, "it opens once", again.data);
  check(again.error?.error === "Link has already been used" && again.error.state === "used", "and says so", again.error);

  const next = await generateLink({ body: { chatId: "hey-2", expiryHours: 0.5 } });
  check(next.data?.success === true, "the next link is made", next.error);
  const list = await listLinks({ query: { chatId: "hey-1", state: "used" } });
  check(list.data?.links.length === 1 && list.data.links[0]?.ref === ref, "what was used is listed", list.error);
  const shown = await showLink({ path: { ref: next.data.linkId } });
  check(shown.data?.state === "valid", "it is shown by its id", shown.error);
  const revoked = await revokeLink({ path: { ref: next.data.ref } });
  check(revoked.data?.state === "revoked", "it is revoked", revoked.error);
}

void main();

/** Finds links by label and chat name: labels are sealed, so it is this browser that reads and opens the list. */
import type { Api } from "../api/api.ts";
import type { LinkList, LinkRow } from "../api/wire.ts";
import { PageSearch } from "../list/PageSearch.ts";
import type { OpenedLinks } from "./OpenedLinks.ts";

/** The longest page that the server gives. */
const PAGE = 200;

export function linkSearch(
  api: Pick<Api, "call">,
  opened: OpenedLinks,
  wait: (pause: number) => Promise<void>,
): PageSearch<LinkRow> {
  return new PageSearch<LinkRow>({
    page: async (after, signal) => {
      const query = { limit: PAGE, after: after ?? undefined };
      // Without `fields` the rows are whole.
      const { links, next } = (await api.call("GET /api/links", { query, signal })) as LinkList;
      return { rows: links, next: next ?? null };
    },
    open: async (rows) => {
      await opened.open(rows);
      // What is open needs its sealed bytes no longer: a hundred thousand of them would fill the memory.
      return rows.map(({ blob, vault, ...row }) => row);
    },
    nameOf: ({ ref }) => ref,
    textsOf: (row) => [opened.labelOf(row), row.chatId],
    timeOf: ({ createdAt }) => Date.parse(createdAt),
    wait,
  });
}

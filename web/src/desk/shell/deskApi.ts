/** The server's calls as the desk makes them. */
import type { Api } from "../../api/api.ts";
import { Problem } from "../../api/problem.ts";

/** What models know of the server. */
export type DeskApi = Pick<Api, "call">;

/** Calls that also tell when the session turns out to be over. */
export function watchSession(api: DeskApi, onEnded: () => void): DeskApi {
  const call: DeskApi["call"] = async (...asked) => {
    try {
      return await api.call(...asked);
    } catch (fault) {
      if (Problem.of(fault).code === "unauthenticated") onEnded();
      throw fault;
    }
  };
  return { call };
}

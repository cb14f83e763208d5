/** A server's word that it will never take a message. */
export const NEVER_TAKEN = {
  type: "/problems/too_large",
  title: "Too large",
  status: 413,
  code: "too_large",
  success: false,
  error: "The server would not take it.",
};

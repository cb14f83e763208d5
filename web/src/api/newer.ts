/** Which of two rows is newer: what is read, what calls answer and what the line tells overtake each other. */

/** A row that counts its changes. */
export interface Revised {
  readonly rev: number;
}

/** What is known of a row, or what comes, whichever has seen more changes. What comes where both have seen as many. */
export function newer<Row extends Revised>(known: Row | null | undefined, row: Row): Row {
  return known && known.rev > row.rev ? known : row;
}

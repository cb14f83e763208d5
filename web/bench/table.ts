/** Tables for `docs/performance.md`. */

/** Rounds of one figure: median, least, greatest, in whole milliseconds. */
export function milliseconds(rounds: readonly number[]): string {
  const sorted = [...rounds].sort((left, right) => left - right);
  const at = (index: number) => `${Math.round(sorted[index] ?? Number.NaN)}`;
  return `${at(Math.floor(sorted.length / 2))} (${at(0)} to ${at(sorted.length - 1)})`;
}

/** Prints a table. */
export function print(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  console.log([``, title, ``, line(head), line(head.map(() => "---")), ...rows.map(line), ``].join("\n"));
}

/** Bytes in thousands, as people write them: `59,581`. */
export function bytes(count: number): string {
  return count.toLocaleString("en");
}

/** The door in its arch: the sign of a link's state, always beside the word for it. */
import shapes from "./wicket.json";

/** Closed with a brass dot, ajar, shut with a bar, or dashed. */
export type WicketState = keyof typeof shapes;

interface WicketProps {
  readonly state: WicketState;
  readonly size?: "small" | "medium" | "large";
  /** Lets the leaf turn once on its hinge. */
  readonly turning?: boolean;
}

/** Draws the wicket, in the strokes that the server's first HTML has too. It says nothing by itself. */
export function Wicket({ state, size = "medium", turning = false }: WicketProps) {
  const classes = ["wicket", state, size, turning ? "turning" : ""].join(" ").trim();
  return (
    <svg class={classes} viewBox="0 0 48 64" aria-hidden="true" focusable="false">
      {shapes[state].map(([name, stroke]) => (
        <path key={stroke} class={name} d={stroke} />
      ))}
    </svg>
  );
}

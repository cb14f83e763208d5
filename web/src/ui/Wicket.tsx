/** The door in its arch: the sign of a link's state, always beside the word for it. */

/** Closed with a brass dot, ajar, shut with a bar, or dashed. */
export type WicketState = "valid" | "ajar" | "shut" | "dashed";

interface WicketProps {
  readonly state: WicketState;
  readonly size?: "small" | "medium" | "large";
  /** Lets the leaf turn once on its hinge. */
  readonly turning?: boolean;
}

const FRAME = "M5 62V26a19 19 0 0 1 38 0v36";
const CLOSED = "M11 62V26a13 13 0 0 1 26 0v36z";
const AJAR = "M11 62V26a13 13 0 0 1 6-11l8 8v45z";

/** Draws the wicket. It says nothing by itself: the word stands beside it. */
export function Wicket({ state, size = "medium", turning = false }: WicketProps) {
  const classes = ["wicket", state, size, turning ? "turning" : ""].join(" ").trim();
  return (
    <svg class={classes} viewBox="0 0 48 64" aria-hidden="true" focusable="false">
      <path class="wicket-frame" d={FRAME} />
      <Leaf state={state} />
      <path d="M1 62h46" />
    </svg>
  );
}

function Leaf({ state }: { readonly state: WicketState }) {
  switch (state) {
    case "valid":
      return (
        <>
          <path class="wicket-leaf" d={CLOSED} />
          <circle class="wicket-knob" cx="32" cy="43" r="3" />
        </>
      );
    case "ajar":
      return <path class="wicket-leaf" d={AJAR} />;
    case "shut":
      return (
        <>
          <path class="wicket-leaf" d={CLOSED} />
          <path class="wicket-bar" d="M5 44h38" />
        </>
      );
    case "dashed":
      return null;
    default:
      return state satisfies never;
  }
}

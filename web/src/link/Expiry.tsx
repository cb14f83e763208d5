/** How long a link is valid: four choices, or an own time. */
import { useId } from "preact/hooks";
import { tDesk } from "../i18n/tDesk.ts";
import { LIFETIMES, OWN_UNITS, type OwnUnit, ownLifetime } from "./lifetime.ts";

/** What is chosen. */
export type Expiry =
  | { readonly kind: "choice"; readonly hours: number }
  | { readonly kind: "own"; readonly amount: string; readonly unit: OwnUnit };

/** The lifetime in hours; null while the own one is none. */
export function hoursOf(expiry: Expiry): number | null {
  return expiry.kind === "choice" ? expiry.hours : ownLifetime(expiry.amount, expiry.unit);
}

interface ExpiryChoiceProps {
  readonly expiry: Expiry;
  /** Whether the own time was tried and is none. */
  readonly wrong: boolean;
  readonly onExpiry: (expiry: Expiry) => void;
}

export function ExpiryChoice({ expiry, wrong, onExpiry }: ExpiryChoiceProps) {
  const own = expiry.kind === "own";
  return (
    <fieldset class="choice">
      <legend>{tDesk("links.expiry")}</legend>
      <div class="choice-row">
        {LIFETIMES.map((hours) => (
          <Choice
            key={hours}
            text={lifetimeText(hours)}
            checked={!own && hours === expiry.hours}
            onChoose={() => onExpiry({ kind: "choice", hours })}
          />
        ))}
        <Choice
          text={tDesk("links.expiry.own")}
          checked={own}
          onChoose={() => onExpiry({ kind: "own", amount: "", unit: "hours" })}
        />
      </div>
      {own ? <Own expiry={expiry} wrong={wrong} onExpiry={onExpiry} /> : null}
    </fieldset>
  );
}

interface ChoiceProps {
  readonly text: string;
  readonly checked: boolean;
  readonly onChoose: () => void;
}

function Choice({ text, checked, onChoose }: ChoiceProps) {
  return (
    <label class="choice-option">
      <input type="radio" name="expiry" checked={checked} onChange={onChoose} />
      <span>{text}</span>
    </label>
  );
}

interface OwnProps extends ExpiryChoiceProps {
  readonly expiry: Extract<Expiry, { kind: "own" }>;
}

function Own({ expiry, wrong, onExpiry }: OwnProps) {
  const id = useId();
  return (
    <div class="own-expiry">
      <div class="own-expiry-row">
        <input
          class="input"
          name="amount"
          inputMode="decimal"
          autocomplete="off"
          dir="auto"
          aria-label={tDesk("links.expiry.amount")}
          aria-invalid={wrong ? "true" : undefined}
          aria-describedby={id}
          value={expiry.amount}
          onInput={(event) => onExpiry({ ...expiry, amount: event.currentTarget.value })}
        />
        <select
          class="input"
          aria-label={tDesk("links.expiry.unit")}
          value={expiry.unit}
          onChange={(event) => onExpiry({ ...expiry, unit: unitOf(event.currentTarget.value) })}
        >
          {UNITS.map((unit) => (
            <option key={unit} value={unit}>
              {tDesk(`links.expiry.${unit}`)}
            </option>
          ))}
        </select>
      </div>
      <p id={id} class={wrong ? "field-error" : "field-hint"} role={wrong ? "alert" : undefined}>
        {tDesk("links.expiry.bounds")}
      </p>
    </div>
  );
}

const UNITS = Object.keys(OWN_UNITS) as OwnUnit[];

function unitOf(value: string): OwnUnit {
  return UNITS.find((unit) => unit === value) ?? "hours";
}

function lifetimeText(hours: number): string {
  return hours > 24 ? tDesk("links.days", { count: hours / 24 }) : tDesk("links.hours", { count: hours });
}

/** API keys: made with a name, shown once, listed, revoked. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Schemas } from "../../api/wire.ts";
import { faultWords, sayDesk } from "../../i18n/tDesk.ts";
import { instantWords } from "../../i18n/when.ts";
import { isBlank } from "../../text/blank.ts";
import { Question } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { fieldsOf } from "../../ui/form.ts";
import { useFirstError } from "../auth/firstError.ts";
import { ShownOnce } from "../auth/ShownOnce.tsx";
import { RowsOf } from "./RowsOf.tsx";
import { Refusal } from "./Secrets.tsx";
import type { SettingsModel } from "./SettingsModel.ts";

interface ApiKeyListProps {
  readonly model: SettingsModel;
}

export function ApiKeyList({ model }: ApiKeyListProps) {
  return (
    <section class="card" aria-labelledby="settings-keys">
      <div class="lead">
        <h2 id="settings-keys">{sayDesk("settings.keys")}</h2>
        <p class="quiet-text">{sayDesk("settings.keys.hint")}</p>
      </div>
      {model.key.value.kind === "done" ? (
        <NewKey model={model} text={model.key.value.result} />
      ) : (
        <KeyForm model={model} />
      )}
      <RowsOf rows={model.apiKeys.value} failed="settings.keys.failed" onAgain={() => void model.load()}>
        {(rows) =>
          rows.length === 0 ? (
            <p class="quiet-text">{sayDesk("settings.keys.empty")}</p>
          ) : (
            <ul class="rows" aria-labelledby="settings-keys">
              {rows.map((row) => (
                <KeyItem key={row.ref} model={model} row={row} />
              ))}
            </ul>
          )
        }
      </RowsOf>
    </section>
  );
}

function KeyForm({ model }: ApiKeyListProps) {
  const [empty, setEmpty] = useState(false);
  const [mayReopen, setMayReopen] = useState(false);
  const [refusals, setRefusals] = useState(0);
  const change = model.key.value;
  const form = useFirstError(refusals);
  const make = (name: string) => {
    const nothing = isBlank(name);
    setEmpty(nothing);
    if (nothing) setRefusals(refusals + 1);
    else void model.makeKey(name, mayReopen);
  };
  return (
    <form
      ref={form}
      class="narrow"
      onSubmit={(event) => {
        event.preventDefault();
        make(fieldsOf(event.currentTarget, "name").name);
      }}
    >
      <Field
        label={sayDesk("settings.keys.name")}
        name="name"
        error={empty ? sayDesk("field.empty") : null}
        maxLength={80}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={mayReopen}
          onChange={(event) => setMayReopen(event.currentTarget.checked)}
        />
        <span>
          {sayDesk("settings.keys.existing")}
          <span class="quiet-text check-hint">{sayDesk("settings.keys.existing.hint")}</span>
        </span>
      </label>
      <Refusal change={change} />
      <button type="submit" class="button" aria-busy={change.kind === "working" ? "true" : undefined}>
        {sayDesk(change.kind === "working" ? "settings.keys.working" : "settings.keys.submit")}
      </button>
    </form>
  );
}

function NewKey({ model, text }: ApiKeyListProps & { readonly text: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="notice ok new-key">
      <h3 ref={heading} tabIndex={-1}>
        {sayDesk("settings.keys.shown")}
      </h3>
      <p>{sayDesk("settings.keys.shown.reason")}</p>
      <ShownOnce label={sayDesk("settings.keys.label")} text={text} copyLabel={sayDesk("action.copy")}>
        <button type="button" class="button" onClick={() => model.dismiss("key")}>
          {sayDesk("desk.done")}
        </button>
      </ShownOnce>
    </div>
  );
}

function KeyItem({ model, row }: ApiKeyListProps & { readonly row: Schemas["KeyRow"] }) {
  const made = instantWords(Date.parse(row.createdAt));
  const used = row.usedAt ? instantWords(Date.parse(row.usedAt)) : null;
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    if (row.revokedAt) setAsking(false);
  }, [row.revokedAt]);
  return (
    <li class="row">
      <div class="row-main">
        <p class="row-name">
          <bdi translate={false}>{row.name}</bdi>
          {row.scopes.includes("links:existing") ? (
            <span class="tag">{sayDesk("settings.keys.may_reopen")}</span>
          ) : null}
        </p>
        <p class="quiet-text">
          <code translate={false} dir="ltr">
            wg_{row.id}
          </code>
        </p>
        <p class="quiet-text">
          {used === null
            ? sayDesk("settings.keys.unused", { made })
            : sayDesk("settings.keys.used", { made, used })}
        </p>
        {row.revokedAt ? (
          <p class="remark danger">
            {sayDesk("settings.keys.revoked", { time: instantWords(Date.parse(row.revokedAt)) })}
          </p>
        ) : null}
      </div>
      {row.revokedAt ? null : (
        <div class="actions row-actions">
          <button type="button" class="button danger" onClick={() => setAsking(true)}>
            {sayDesk("settings.keys.revoke")}
          </button>
        </div>
      )}
      {asking ? <RevokeKey model={model} row={row} onClose={() => setAsking(false)} /> : null}
    </li>
  );
}

interface RevokeKeyProps extends ApiKeyListProps {
  readonly row: Schemas["KeyRow"];
  readonly onClose: () => void;
}

function RevokeKey({ model, row, onClose }: RevokeKeyProps) {
  const [failed, setFailed] = useState<string | null>(null);
  const revoke = () => {
    model.revokeKey(row.ref).catch((fault: unknown) => {
      setFailed(sayDesk("settings.keys.revoke.failed", { reason: faultWords(fault) }));
    });
  };
  return (
    <Question
      title={sayDesk("settings.keys.revoke.heading")}
      yes={sayDesk("settings.keys.revoke")}
      no={sayDesk("settings.keys.revoke.no")}
      danger
      onYes={revoke}
      onNo={onClose}
    >
      <p>{sayDesk.parts("settings.keys.revoke.reason", { name: <bdi translate={false}>{row.name}</bdi> })}</p>
      {failed === null ? null : (
        <p class="notice danger" role="alert">
          {failed}
        </p>
      )}
    </Question>
  );
}

/** API keys: made with a name, shown once, listed, revoked. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Schemas } from "../../api/wire.ts";
import { faultText } from "../../i18n/deskFault.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { instantText } from "../../i18n/when.ts";
import { isBlank } from "../../text/blank.ts";
import { Question } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { fieldsOf } from "../../ui/form.ts";
import { useFirstError } from "../auth/firstError.ts";
import { ShownOnce } from "../auth/ShownOnce.tsx";
import { Refusal } from "./Credentials.tsx";
import { RowsOf } from "./RowsOf.tsx";
import type { SettingsModel } from "./SettingsModel.ts";

interface ApiKeyListProps {
  readonly model: SettingsModel;
}

export function ApiKeyList({ model }: ApiKeyListProps) {
  return (
    <section class="card" aria-labelledby="settings-keys">
      <div class="lead">
        <h2 id="settings-keys">{tDesk("settings.keys")}</h2>
        <p class="quiet-text">{tDesk("settings.keys.hint")}</p>
      </div>
      {model.key.value.kind === "done" ? (
        <NewKey model={model} text={model.key.value.result} />
      ) : (
        <KeyForm model={model} />
      )}
      <RowsOf rows={model.apiKeys.value} failed="settings.keys.failed" onAgain={() => void model.load()}>
        {(rows) =>
          rows.length === 0 ? (
            <p class="quiet-text">{tDesk("settings.keys.empty")}</p>
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
        label={tDesk("settings.keys.name")}
        name="name"
        error={empty ? tDesk("field.empty") : null}
        maxLength={80}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={mayReopen}
          onChange={(event) => setMayReopen(event.currentTarget.checked)}
        />
        <span>
          {tDesk("settings.keys.existing")}
          <span class="quiet-text check-hint">{tDesk("settings.keys.existing.hint")}</span>
        </span>
      </label>
      <Refusal change={change} />
      <button type="submit" class="button" aria-busy={change.kind === "working" ? "true" : undefined}>
        {tDesk(change.kind === "working" ? "settings.keys.working" : "settings.keys.submit")}
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
        {tDesk("settings.keys.shown")}
      </h3>
      <p>{tDesk("settings.keys.shown.reason")}</p>
      <ShownOnce label={tDesk("settings.keys.label")} text={text} copyLabel={tDesk("action.copy")}>
        <button type="button" class="button" onClick={() => model.dismiss("key")}>
          {tDesk("desk.done")}
        </button>
      </ShownOnce>
    </div>
  );
}

function KeyItem({ model, row }: ApiKeyListProps & { readonly row: Schemas["KeyRow"] }) {
  const made = instantText(Date.parse(row.createdAt));
  const used = row.usedAt ? instantText(Date.parse(row.usedAt)) : null;
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
            <span class="tag">{tDesk("settings.keys.may_reopen")}</span>
          ) : null}
        </p>
        <p class="quiet-text">
          <code translate={false} dir="ltr">
            wg_{row.id}
          </code>
        </p>
        <p class="quiet-text">
          {used === null
            ? tDesk("settings.keys.unused", { made })
            : tDesk("settings.keys.used", { made, used })}
        </p>
        {row.revokedAt ? (
          <p class="remark danger">
            {tDesk("settings.keys.revoked", { time: instantText(Date.parse(row.revokedAt)) })}
          </p>
        ) : null}
      </div>
      {row.revokedAt ? null : (
        <div class="actions row-actions">
          <button type="button" class="button danger" onClick={() => setAsking(true)}>
            {tDesk("settings.keys.revoke")}
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
      setFailed(tDesk("settings.keys.revoke.failed", { reason: faultText(fault) }));
    });
  };
  return (
    <Question
      title={tDesk("settings.keys.revoke.heading")}
      yes={tDesk("settings.keys.revoke")}
      no={tDesk("settings.keys.revoke.no")}
      danger
      onYes={revoke}
      onNo={onClose}
    >
      <p>{tDesk.parts("settings.keys.revoke.reason", { name: <bdi translate={false}>{row.name}</bdi> })}</p>
      {failed === null ? null : (
        <p class="notice danger" role="alert">
          {failed}
        </p>
      )}
    </Question>
  );
}

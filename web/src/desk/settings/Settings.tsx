/** `/partners/settings`: the account, where one is signed in, API keys, the recovery code. */
import { useEffect, useMemo } from "preact/hooks";
import { t } from "../../i18n/t.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { LanguageSelect } from "../../ui/LanguageSelect.tsx";
import { NotifyChoices } from "../../ui/NotifyChoices.tsx";
import { browserPermission, NotifyModel } from "../../ui/notify.ts";
import type { DeskModel } from "../shell/DeskModel.ts";
import type { Session } from "../shell/Session.ts";
import { ApiKeyList } from "./ApiKeyList.tsx";
import { ChangePassword, NewRecoveryCode } from "./Credentials.tsx";
import { Sessions } from "./Sessions.tsx";
import "./settings.css";

interface SettingsProps {
  readonly desk: DeskModel;
  readonly session: Session;
}

export function Settings({ desk, session }: SettingsProps) {
  const model = session.settings;
  useEffect(() => void model.load(), [model]);
  const me = desk.auth.me.value;
  if (me === null) return null;
  return (
    <div class="page settings">
      <header class="page-head">
        <h1 tabIndex={-1} data-heading>
          {tDesk("settings.heading")}
        </h1>
      </header>
      <Account desk={desk} />
      <Notifications desk={desk} />
      <ChangePassword model={model} email={me.email} />
      <NewRecoveryCode model={model} email={me.email} />
      <Sessions model={model} />
      <ApiKeyList model={model} />
      <button type="button" class="button settings-out" onClick={() => void desk.signOut()}>
        {tDesk("desk.sign_out")}
      </button>
    </div>
  );
}

function Notifications({ desk }: Pick<SettingsProps, "desk">) {
  const { notice } = desk;
  const model = useMemo(
    () => new NotifyModel(notice.choices, browserPermission, () => notice.ring()),
    [notice],
  );
  return (
    <section class="card" aria-labelledby="settings-notify">
      <h2 id="settings-notify">{t("chat.notify")}</h2>
      <NotifyChoices model={model} />
    </section>
  );
}

function Account({ desk }: Pick<SettingsProps, "desk">) {
  const state = desk.auth.state.value;
  if (state.kind !== "ready") return null;
  return (
    <section class="card" aria-labelledby="settings-account">
      <h2 id="settings-account">{tDesk("settings.account")}</h2>
      <dl class="facts">
        <dt>{tDesk("settings.organisation")}</dt>
        <dd>
          <bdi translate={false}>{state.me.partnerName}</bdi>
        </dd>
        <dt>{tDesk("settings.email")}</dt>
        <dd>
          <bdi translate={false}>{state.me.email}</bdi>
        </dd>
        <dt>{tDesk("settings.fingerprint")}</dt>
        <dd>
          <code translate={false} dir="ltr">
            {state.keyring.fingerprint}
          </code>
          <p class="quiet-text">{tDesk("settings.fingerprint.hint")}</p>
        </dd>
        <dt>{t("app.language")}</dt>
        <dd>
          <LanguageSelect language={desk.language} />
        </dd>
      </dl>
    </section>
  );
}

/** Where a customer chooses how this page draws attention. */
import { useMemo } from "preact/hooks";
import { t } from "../i18n/t.ts";
import { Panel } from "../ui/Dialog.tsx";
import { NotifyChoices } from "../ui/NotifyChoices.tsx";
import type { PageNotice } from "../ui/notice.ts";
import { browserPermission, NotifyModel } from "../ui/notify.ts";

interface NotifyDialogProps {
  readonly notice: PageNotice;
  readonly onClose: () => void;
}

export function NotifyDialog({ notice, onClose }: NotifyDialogProps) {
  const model = useMemo(
    () => new NotifyModel(notice.choices, browserPermission, () => notice.ring()),
    [notice],
  );
  return (
    <Panel title={t("chat.notify")} onClose={onClose}>
      <NotifyChoices model={model} />
    </Panel>
  );
}

/** The alerts in a corner of every page of the desk. */
import { tDesk } from "../i18n/tDesk.ts";
import { momentText } from "../i18n/when.ts";
import type { LinkAlert, LinkAlerts } from "./LinkAlerts.ts";

interface LinkAlertListProps {
  readonly model: LinkAlerts;
  /** Leads to the link's row. */
  readonly onShow: (alert: LinkAlert) => void;
}

/** The announcer says it; here it stands to be read. */
export function LinkAlertList({ model, onShow }: LinkAlertListProps) {
  const alerts = model.alerts.value;
  if (alerts.length === 0) return null;
  return (
    <section class="link-alerts" aria-label={tDesk("links.alerts")}>
      {alerts.map((alert) => (
        <div key={alert.row.ref} class="notice warn link-alert">
          <p>
            <strong>{tDesk("links.alert.heading")}</strong>
          </p>
          <p>
            {tDesk.parts("links.alert", {
              link: <bdi translate={false}>{alert.name}</bdi>,
              time: momentText(alert.at, Date.now()),
            })}
          </p>
          <div class="actions">
            <button
              type="button"
              class="button"
              onClick={() => {
                model.dismiss(alert);
                onShow(alert);
              }}
            >
              {tDesk("links.alert.show")}
            </button>
            <button type="button" class="button bare" onClick={() => model.dismiss(alert)}>
              {tDesk("links.alert.dismiss")}
            </button>
          </div>
        </div>
      ))}
    </section>
  );
}

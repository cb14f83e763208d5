/** What whoever runs the server should put right, told to those who are signed in: its log may have no reader. */
import type { Me } from "../../api/wire.ts";
import { type DeskTextKey, tDesk } from "../../i18n/tDesk.ts";

type Warning = NonNullable<Me["warnings"]>[number];

const TEXTS: Readonly<Record<Warning["code"], DeskTextKey>> = {
  proxy_not_trusted: "warning.proxy_not_trusted",
  proxy_silent: "warning.proxy_silent",
};

export function ServerWarnings({ me }: { readonly me: Me | null }) {
  return (
    <>
      {me?.warnings?.map(({ code, remedy }) => (
        <p key={code} class="notice warn">
          {tDesk.parts(TEXTS[code], { option: <code class="option">{remedy}</code> })}
        </p>
      ))}
    </>
  );
}

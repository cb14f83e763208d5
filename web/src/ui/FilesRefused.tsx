/** What is said of a file that somebody dropped or pasted. */
import { tSeldom } from "../i18n/tSeldom.ts";
import { Panel } from "./Dialog.tsx";

interface FilesRefusedProps {
  readonly onClose: () => void;
}

/** Says that it was not sent. */
export function FilesRefused({ onClose }: FilesRefusedProps) {
  return (
    <Panel title={tSeldom("files.heading")} onClose={onClose}>
      <p>{tSeldom("files.reason")}</p>
    </Panel>
  );
}

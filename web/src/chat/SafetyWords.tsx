/** Safety words, six that both sides see when nobody is in between: for links that do not prove it by themselves. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { faultText } from "../i18n/fault.ts";
import { tSeldom } from "../i18n/tSeldom.ts";
import { Panel } from "../ui/Dialog.tsx";

interface SafetyWordsProps {
  /** Whom to read them to. */
  readonly reason: ComponentChildren;
  readonly words: () => Promise<readonly string[]>;
  readonly onClose: () => void;
}

/** Shows the words. They are computed when they are asked for. */
export function SafetyWords({ reason, words, onClose }: SafetyWordsProps) {
  const [shown, setShown] = useState<readonly string[]>([]);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    words().then(setShown, (thrown: unknown) => setFault(faultText(thrown)));
  }, []);
  return (
    <Panel title={tSeldom("chat.words.heading")} onClose={onClose}>
      <p>{reason}</p>
      <ol class="words" lang="en" dir="ltr" translate={false}>
        {shown.map((word, index) => (
          <li key={`${index} ${word}`}>{word}</li>
        ))}
      </ol>
      {fault === null ? null : <p class="notice danger">{fault}</p>}
    </Panel>
  );
}

/** A QR code, dark on light in both colour schemes: many readers can't read the reverse. */
import { useMemo } from "preact/hooks";
import { qrPath } from "./qr.ts";

interface QrCodeProps {
  readonly text: string;
  /** What a screen reader says. */
  readonly name: string;
}

export function QrCode({ text, name }: QrCodeProps) {
  const { size, path } = useMemo(() => qrPath(text), [text]);
  return (
    <svg class="qr" role="img" aria-label={name} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <path d={path} />
    </svg>
  );
}

import { useMemo } from "react";
import { qrModules } from "#shared/qr/qr-code.ts";

/** Dark on white with the quiet zone that readers need. */
export function QrPicture({ content, size = 260 }: { readonly content: string; readonly size?: number }) {
  const rows = useMemo(() => qrModules(content), [content]);
  const side = rows.length + 8;
  const path = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x + 4} ${y + 4}h1v1h-1z`] : []))).join("");
  return (
    <svg width={size} height={size} viewBox={`0 0 ${side} ${side}`} shapeRendering="crispEdges" role="img" aria-label="QR code to pay">
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

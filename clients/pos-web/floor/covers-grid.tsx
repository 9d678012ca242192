import { Button, Group, SimpleGrid } from "@mantine/core";
import { useState } from "react";
import { NumPad } from "../../kit/ui/num-pad.tsx";

type CoversGridProps = { readonly onPick: (covers: number) => void; readonly current?: number; readonly disabled?: boolean };

/** Up to twelve in one tap; larger parties are typed. */
export function CoversGrid({ onPick, current, disabled = false }: CoversGridProps) {
  const [typed, setTyped] = useState<string | null>(null);
  if (typed !== null) {
    return (
      <>
        <Group justify="center" fz={36} fw={700} mih={52}>{typed || "–"}</Group>
        <NumPad label="Covers" value={typed} maxLength={2} onChange={setTyped} onEnter={() => (Number(typed) > 0 ? onPick(Number(typed)) : undefined)} />
        <Button disabled={Number(typed) < 1} onClick={() => onPick(Number(typed))}>Seat {typed}</Button>
      </>
    );
  }
  return (
    <SimpleGrid cols={4}>
      {Array.from({ length: 12 }, (_, i) => i + 1).map((count) => (
        <Button key={count} variant={count === current ? "filled" : "default"} h={72} fz={26} disabled={disabled} onClick={() => onPick(count)} aria-label={`${count} covers`}>{count}</Button>
      ))}
      <Button variant="subtle" h={56} style={{ gridColumn: "1 / -1" }} disabled={disabled} onClick={() => setTyped("")}>More than 12</Button>
    </SimpleGrid>
  );
}

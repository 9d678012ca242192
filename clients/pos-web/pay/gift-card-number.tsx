import { Button, Group, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import type { useGiftCard } from "./use-gift-card.ts";

/** Its number, and the button that asks the hub what is on it. */
export function GiftCardNumber({ card }: { readonly card: ReturnType<typeof useGiftCard> }) {
  return (
    <Group component="form" align="flex-end" wrap="nowrap" onSubmit={(event: FormEvent) => {
      event.preventDefault();
      void card.look();
    }}>
      <TextInput style={{ flex: 1 }} label="Number of the card" maxLength={60} value={card.typed} onChange={(event) => card.setTyped(event.currentTarget.value)} error={card.missing} autoComplete="off" />
      <Button type="submit" size="lg" variant="default" disabled={!card.right}>Look up</Button>
    </Group>
  );
}

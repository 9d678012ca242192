import { Button, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";

type ReasonChipsProps = { readonly question: string; readonly reasons: readonly string[]; readonly onPick: (reason: string) => void; readonly disabled?: boolean };

/** A common reason is one tap; another one is typed. */
export function ReasonChips({ question, reasons, onPick, disabled = false }: ReasonChipsProps) {
  const [other, setOther] = useState("");
  return (
    <Stack gap="sm">
      <Text c="var(--ink-2)">{question}</Text>
      <SimpleGrid cols={2} spacing="sm">
        {reasons.map((reason) => (
          <Button key={reason} variant="default" h="auto" mih={60} px="sm" py={8} styles={{ label: { whiteSpace: "normal" } }} disabled={disabled} onClick={() => onPick(reason)}>{reason}</Button>
        ))}
      </SimpleGrid>
      <form onSubmit={(event) => {
        event.preventDefault();
        if (other.trim()) onPick(other.trim());
      }}>
        <Group align="end" wrap="nowrap">
          <TextInput style={{ flex: 1 }} label="Another reason" maxLength={80} value={other} onChange={(event) => setOther(event.currentTarget.value)} />
          <Button type="submit" disabled={disabled || other.trim() === ""}>Go on</Button>
        </Group>
      </form>
    </Stack>
  );
}

import { Button, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useNavigate } from "react-router";
import { cutText } from "#shared/cut-text.ts";
import { timeOfDay } from "../../kit/format.ts";
import { useHub, useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { useTablet } from "../tablet.ts";

const IN_MINUTES = [10, 15, 20, 30, 45, 60, 90] as const;

/** A name and a promised time; the order itself begins with its first item. */
export function NewTakeawayDialog({ onClose }: { readonly onClose: () => void }) {
  const { clock } = useHub();
  const merchant = useMerchant();
  const navigate = useNavigate();
  const note = useTablet((tablet) => tablet.note);
  const [name, setName] = useState("");
  const [minutes, setMinutes] = useState<number | null>(20);
  const [openedAt] = useState(() => clock.now());
  const promised = (after: number) => new Date(Math.ceil((openedAt + after * 60_000) / 60_000) * 60_000).toISOString();

  function begin(event: FormEvent) {
    event.preventDefault();
    const customer = name.trim();
    if (customer === "") return;
    const order = newId("order");
    note(order, { opening: { serviceType: "takeaway", label: cutText(`Pickup ${customer}`, 30), channel: "tablet", customer, promisedAt: minutes === null ? null : promised(minutes) } });
    onClose();
    void navigate(`/order/${order}`);
  }

  return (
    <Dialog opened onClose={onClose} size={560} title={<Text fz={24} fw={750}>New takeaway</Text>}>
      <form onSubmit={begin}>
        <Stack>
          <TextInput label="Name" size="xl" data-autofocus maxLength={60} value={name} onChange={(event) => setName(event.currentTarget.value)} autoComplete="off" />
          <Text fw={600}>Promised for</Text>
          <SimpleGrid cols={4} role="group" aria-label="Promised for">
            {IN_MINUTES.map((each) => (
              <Button key={each} variant={each === minutes ? "filled" : "default"} h={64} px={4} aria-pressed={each === minutes} aria-label={`In ${each} minutes`} onClick={() => setMinutes(each)}>
                <Stack gap={0} align="center">
                  <span>{merchant ? timeOfDay(promised(each), merchant.zone) : ""}</span>
                  <Text span fz="xs" opacity={0.75}>{each} min</Text>
                </Stack>
              </Button>
            ))}
            <Button variant={minutes === null ? "filled" : "default"} h={64} px={4} aria-pressed={minutes === null} onClick={() => setMinutes(null)}>No time</Button>
          </SimpleGrid>
          <Button type="submit" size="xl" color="saffron.4" disabled={name.trim() === ""}>Take the order</Button>
        </Stack>
      </form>
    </Dialog>
  );
}

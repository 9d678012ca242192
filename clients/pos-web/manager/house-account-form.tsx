import { Button, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { HouseAccountState } from "#shared/domain/payment/state.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { MoneyInput, useTypedMoney } from "../parts/money-input.tsx";
import { textOfMoney } from "../parts/money-text.ts";

type HouseAccountFormProps = { readonly account?: HouseAccountState; readonly onClose: () => void; readonly onOpened?: (account: string) => void };

/** A new account, or its name and limit. Without a limit it is charged as often as somebody says so. */
export function HouseAccountForm({ account, onClose, onOpened }: HouseAccountFormProps) {
  const send = useSend();
  const merchant = useMerchant();
  const typedMoney = useTypedMoney();
  const [id] = useState(() => account?.id ?? newId("houseAccount"));
  const [name, setName] = useState(account?.name ?? "");
  const [limit, setLimit] = useState(account?.limit ? textOfMoney(account.limit, merchant?.displayDigits ?? 2) : "");
  const [busy, setBusy] = useState(false);
  const none = limit.trim() === "";
  const money = none ? null : typedMoney(limit);
  const right = name.trim() !== "" && money !== undefined;

  async function save() {
    if (busy || name.trim() === "" || money === undefined) return;
    setBusy(true);
    const input = { account: id, name: name.trim(), limit: money };
    const { ok } = account ? await send("payment.changeHouseAccount", { ...input, blocked: account.blocked }) : await send("payment.openHouseAccount", input);
    setBusy(false);
    if (!ok) return;
    onOpened?.(id);
    onClose();
  }

  return (
    <Modal opened onClose={onClose} size={460} title={<Text fz={22} fw={750}>{account ? `Change ${account.name}` : "New account"}</Text>}>
      <form onSubmit={(event) => { event.preventDefault(); void save(); }}>
        <Stack>
          <TextInput label="Name" data-autofocus value={name} maxLength={60} onChange={(event) => setName(event.currentTarget.value)} />
          <MoneyInput label="Limit" optional="no limit" value={limit} onChange={setLimit} />
          <Button type="submit" size="xl" loading={busy} disabled={!right}>{account ? "Save" : "Open the account"}</Button>
        </Stack>
      </form>
    </Modal>
  );
}

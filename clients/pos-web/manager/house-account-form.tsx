import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { unitRefusal } from "#shared/domain/charged-amounts.ts";
import { unitNow } from "#shared/domain/merchant/charged-unit.ts";
import type { CommandInput } from "#shared/domain/registry.ts";
import { sameJson } from "#shared/domain/same.ts";
import type { HouseAccountState } from "#shared/domain/payment/state.ts";
import { minorUnits } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { refusalInWords } from "../../kit/words/refusals.ts";
import { MoneyInput, useTypedMoney } from "../parts/money-input.tsx";
import { textOfMoney } from "../parts/money-text.ts";

type HouseAccountFormProps = { readonly account?: HouseAccountState; readonly onClose: () => void; readonly onOpened?: (account: string) => void };

/** What was changed here and nothing else: another manager may be at the account too. */
function changed(was: HouseAccountState, { account, name, limit }: CommandInput<"payment.openHouseAccount">): CommandInput<"payment.changeHouseAccount"> {
  return { account, ...(name === was.name ? {} : { name }), ...(sameJson(limit, was.limit) ? {} : { limit }) };
}

/** A new account, or its name and limit. Without a limit it is charged as often as somebody says so. */
export function HouseAccountForm({ account, onClose, onOpened }: HouseAccountFormProps) {
  const send = useSend();
  const merchant = useMerchant();
  const typedMoney = useTypedMoney();
  const [opened] = useState(account);
  const [id] = useState(() => account?.id ?? newId("houseAccount"));
  const [name, setName] = useState(account?.name ?? "");
  const [written] = useState(account?.limit ? textOfMoney(account.limit, merchant?.displayDigits ?? 2) : "");
  const [limit, setLimit] = useState(written);
  const [busy, setBusy] = useState(false);
  const none = limit.trim() === "";
  // One that nobody touched stays, also with decimals that are not shown.
  const money = none ? null : opened?.limit && limit === written ? opened.limit : typedMoney(limit);
  const odd = unitRefusal({ limit: money }, unitNow(merchant), opened?.limit ? [minorUnits(opened.limit)] : []);
  const right = name.trim() !== "" && money !== undefined && !odd;

  async function save() {
    if (busy || money === undefined || !right) return;
    setBusy(true);
    const input = { account: id, name: name.trim(), limit: money };
    const { ok } = opened ? await send("payment.changeHouseAccount", changed(opened, input)) : await send("payment.openHouseAccount", input);
    setBusy(false);
    if (!ok) return;
    onOpened?.(id);
    onClose();
  }

  return (
    <Dialog opened onClose={onClose} size={460} title={<Text fz={22} fw={750}>{account ? `Change ${account.name}` : "New account"}</Text>}>
      <form onSubmit={(event) => { event.preventDefault(); void save(); }}>
        <Stack>
          <TextInput label="Name" data-autofocus value={name} maxLength={60} onChange={(event) => setName(event.currentTarget.value)} />
          <MoneyInput label="Limit" optional="no limit" value={limit} onChange={setLimit} trouble={odd && refusalInWords(odd)} />
          <Button type="submit" size="xl" loading={busy} disabled={!right}>{account ? "Save" : "Open the account"}</Button>
        </Stack>
      </form>
    </Dialog>
  );
}

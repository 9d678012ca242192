import { Button, Text } from "@mantine/core";
import { IconDeviceMobile, IconQrcode } from "@tabler/icons-react";
import type { PaymentProvider } from "#shared/events/payment.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { NumPad } from "../../kit/ui/num-pad.tsx";
import { PayFields } from "./pay-fields.tsx";
import type { PayForm } from "./pay-pane.tsx";

/** One tap asks the terminal, or shows the code; what came of it arrives by itself. */
export function ProviderPane({ form, provider }: { readonly form: PayForm; readonly provider: PaymentProvider }) {
  const send = useSend();
  const { may, busy, tooMuch, covers, tip, money, typed, field } = form;
  const qr = provider.kind === "qr";
  const tipsLater = form.payable.check.policies.tips?.afterAuthorisation === true && !qr;
  const start = (capture: "now" | "later") => form.pay(() => send("payment.startAttempt", { ...form.common(), provider: provider.provider, capture }));
  const blocked = !may || tooMuch || covers === 0n;
  return (
    <>
      <PayFields form={form} />
      <Button size="xl" h={68} color="basil.6" loading={busy} disabled={blocked} leftSection={qr ? <IconQrcode size={26} /> : <IconDeviceMobile size={26} />} onClick={() => void start("now")}>
        {qr ? "Show code for" : "Charge"} {money(covers + tip)}
      </Button>
      {tipsLater ? (
        <>
          <Button size="lg" variant="default" loading={busy} disabled={blocked} onClick={() => void start("later")}>Hold {money(covers)}, tip on the slip</Button>
          <Text fz="sm" c="var(--ink-3)">The tip is entered when the signed slip is back.</Text>
        </>
      ) : null}
      <NumPad label="Amount" value={field === "own" ? typed.part : typed[field]} onChange={form.type} maxLength={form.mostDigits} corner="00" disabled={field === "own"} />
    </>
  );
}

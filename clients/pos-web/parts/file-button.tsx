import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconFileTypePdf, IconTable } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { CommandInput } from "#shared/domain/registry.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useAggregate, useHub } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";

type FileCommand = "ledger.generate" | "check.makeReceipt" | "cash.makeReport";
type FileButtonProps<Type extends FileCommand> = {
  readonly label: string;
  /** For those who listen to the screen. */
  readonly name?: string;
  readonly type: Type;
  readonly input: Omit<CommandInput<Type>, "document">;
  readonly size?: "lg" | "xl";
  readonly disabled?: boolean;
};

/** Asks for a file, shows how far it is, and saves it when it is there. */
export function FileButton<Type extends FileCommand>({ label, name = label, type, input, size = "lg", disabled = false }: FileButtonProps<Type>) {
  const hub = useHub();
  const send = useSend();
  const [asked, setAsked] = useState<string | null>(null);
  const file = useAggregate("document", asked);
  const status = asked === null ? null : (file?.status ?? "making");

  useEffect(() => {
    if (asked === null || status === "making" || status === null) return;
    setAsked(null);
    if (status === "failed") notifications.show({ color: "chili", title: "No file", message: "It could not be made. Try again.", withBorder: true });
    else void save(asked, file?.file?.name ?? asked, () => hub.token());
  }, [asked, status, file, hub]);

  async function ask() {
    const document = newId("document");
    const { ok } = await send(type, { ...input, document } as unknown as CommandInput<Type>);
    if (ok) setAsked(document);
  }

  const spreadsheet = "format" in input && input.format === "xlsx";
  const percent = asked === null ? null : (file?.percent ?? 0);
  return (
    <Button size={size} variant="default" px="sm" disabled={disabled || asked !== null} aria-label={percent === null ? name : `${name}, ${percent} % made`} leftSection={spreadsheet ? <IconTable size={22} /> : <IconFileTypePdf size={22} />} onClick={() => void ask()}>
      {percent === null ? label : `${percent} %`}
    </Button>
  );
}

/** The hub gives the bytes to whoever holds a token, so a plain link would not do. */
async function save(document: string, name: string, token: () => Promise<string>): Promise<void> {
  try {
    const answer = await fetch(`/files/${document}`, { headers: { authorization: `Bearer ${await token()}` } });
    if (!answer.ok) throw new Error(`the hub answered ${answer.status}`);
    const url = URL.createObjectURL(await answer.blob());
    const link = window.document.createElement("a");
    Object.assign(link, { href: url, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch {
    notifications.show({ color: "chili", title: "No file", message: "It could not be loaded. Try again.", withBorder: true });
  }
}

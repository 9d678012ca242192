import { Group, Text } from "@mantine/core";
import { IconPrinterOff } from "@tabler/icons-react";
import { useAggregates } from "../../kit/hooks.ts";
import { printCauseInWords } from "../../kit/words/printing.ts";
import classes from "./printer-trouble.module.css";

/** The real cause, shown to people (facts/printing.md). The kitchen's screens work on. */
export function PrinterTrouble() {
  const troubled = useAggregates("printer").filter((printer) => !printer.online);
  if (troubled.length === 0) return null;
  return (
    <Group className={classes["bar"]} role="status" gap="sm" wrap="nowrap">
      <IconPrinterOff size={24} aria-hidden />
      <Text truncate>
        {troubled.map((printer) => `${printer.name}: ${printCauseInWords(printer.cause)}${printer.waiting > 0 ? `, ${printer.waiting} waiting` : ""}`).join(" · ")}
      </Text>
    </Group>
  );
}

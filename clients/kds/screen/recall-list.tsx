import { Drawer } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { timeOfDay } from "../../kit/format.ts";
import { useMerchant } from "../../kit/hooks.ts";
import type { Recall } from "./recall.ts";
import classes from "./recall-list.module.css";

type RecallListProps = { readonly opened: boolean; readonly onClose: () => void; readonly recalls: readonly Recall[]; readonly onRecall: (entry: Recall) => void };

export function RecallList({ opened, onClose, recalls, onRecall }: RecallListProps) {
  const zone = useMerchant()?.zone ?? "UTC";
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size={720} title="Recall" styles={{ title: { fontSize: 34, fontWeight: 700 } }}>
      <ul className={classes["list"]}>
        {recalls.map((entry) => (
          <li key={entry.id}>
            <button
              type="button"
              className={classes["entry"]}
              aria-label={`Recall ${entry.name} ${entry.label}`}
              onClick={() => {
                onRecall(entry);
                onClose();
              }}
            >
              <span className={classes["what"]}>
                <b>{entry.title}</b>
                <small>
                  {entry.name}, {timeOfDay(entry.at, zone)}
                </small>
                <span>{entry.items}</span>
              </span>
              <IconArrowBackUp size={40} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </Drawer>
  );
}

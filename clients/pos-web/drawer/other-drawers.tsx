import { Button, Group, Text } from "@mantine/core";
import { timeOfDay } from "../../kit/format.ts";
import { useMerchant } from "../../kit/hooks.ts";
import { useSayings } from "../check/said.tsx";
import classes from "./drawer-screen.module.css";
import { useTills } from "./use-open-drawer.ts";

/** Drawers that are open at other tills. Chosen, one of them is this tablet's. */
export function OtherDrawers({ onChosen }: { readonly onChosen?: () => void }) {
  const merchant = useMerchant();
  const say = useSayings((sayings) => sayings.say);
  const { open, own, choose } = useTills();
  const others = open.filter(({ id }) => id !== own?.id);
  if (others.length === 0) return null;
  return (
    <section className={classes["panel"]} aria-label="Other drawers">
      <h2 className={classes["title"]}>{own ? "Other drawers" : "Drawers that are open"}</h2>
      <ul className={classes["reports"]}>
        {others.map((drawer) => (
          <li key={drawer.id}>
            <Group justify="space-between" wrap="nowrap" w="100%">
              <Text><b>{drawer.name}</b> opened by {drawer.openedBy.name}{merchant ? ` at ${timeOfDay(drawer.openedAt, merchant.zone)}` : ""}</Text>
              <Button variant="default" style={{ flex: "none" }} aria-label={`Use ${drawer.name} on this tablet`} onClick={() => {
                choose(drawer.name);
                say(`This tablet's cash goes to ${drawer.name}`);
                onChosen?.();
              }}>Use it here</Button>
            </Group>
          </li>
        ))}
      </ul>
    </section>
  );
}

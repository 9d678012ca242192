import { Button, Stack } from "@mantine/core";
import { useState } from "react";
import classes from "./drawer-screen.module.css";
import { OpenDrawerForm } from "./open-drawer-form.tsx";
import { useTills } from "./use-open-drawer.ts";

/** Before cash is taken on a tablet whose drawer is not open: which of those that are it uses, and only then whether one more is opened. */
export function WhichDrawer() {
  const { open, choose } = useTills();
  const [another, setAnother] = useState(false);
  if (open.length === 0) return <OpenDrawerForm compact />;
  return (
    <>
      <Stack gap="sm" role="group" aria-labelledby="which-drawer">
        <h3 id="which-drawer" className={classes["title"]}>Which drawer is the cash of?</h3>
        {open.map(({ id, name }) => <Button key={id} variant="default" size="xl" onClick={() => choose(name)}>{name}</Button>)}
      </Stack>
      <Button variant="subtle" size="md" aria-expanded={another} onClick={() => setAnother(!another)}>Open another drawer</Button>
      {another ? <OpenDrawerForm compact /> : null}
    </>
  );
}

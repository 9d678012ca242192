import { useState } from "react";
import type { DrawerState } from "#shared/domain/cash/state.ts";
import { useOpenDrawer } from "./use-open-drawer.ts";
import { CloseDrawer } from "./close-drawer.tsx";
import { DrawerCard } from "./drawer-card.tsx";
import classes from "./drawer-screen.module.css";
import { LastCount, type Count } from "./last-count.tsx";
import { MoveCash, type Movement } from "./move-cash.tsx";
import { OpenDrawerForm } from "./open-drawer-form.tsx";
import { PayTips } from "./pay-tips.tsx";
import { ReportList } from "./report-list.tsx";

export type DrawerTask = Movement | "tips" | "close";

/** DOM-16: one session of one drawer, from its float to the blind count. */
export function DrawerScreen() {
  const drawer = useOpenDrawer();
  const [last, setLast] = useState<Count | null>(null);
  if (drawer) return <OpenDrawer key={drawer.id} drawer={drawer} onClosed={setLast} />;
  return (
    <div className={classes["screen"]}>
      <section className={classes["panel"]} aria-label="Open a drawer">
        <h1 className={classes["title"]}>Open a drawer</h1>
        <OpenDrawerForm />
      </section>
      <div className={classes["column"]}>
        {last ? <LastCount count={last} /> : null}
        <ReportList />
      </div>
    </div>
  );
}

function OpenDrawer({ drawer, onClosed }: { readonly drawer: DrawerState; readonly onClosed: (count: Count) => void }) {
  const [task, setTask] = useState<DrawerTask>("close");
  const done = () => setTask("close");
  return (
    <div className={classes["screen"]}>
      <div className={classes["column"]}>
        <DrawerCard drawer={drawer} task={task} onTask={setTask} />
        <ReportList />
      </div>
      <section className={classes["panel"]} aria-label="Drawer task">
        {task === "close" ? <CloseDrawer drawer={drawer} onClosed={onClosed} /> : null}
        {task === "tips" ? <PayTips drawer={drawer} onDone={done} /> : null}
        {task === "pay-in" || task === "pay-out" || task === "drop" ? <MoveCash key={task} drawer={drawer} kind={task} onDone={done} /> : null}
      </section>
    </div>
  );
}

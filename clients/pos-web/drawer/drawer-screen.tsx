import { useRef, useState } from "react";
import type { DrawerState } from "#shared/domain/cash/state.ts";
import { FOCUS_HOME, useKeptFocus } from "../../kit/ui/use-kept-focus.ts";
import { CloseDrawer } from "./close-drawer.tsx";
import { DrawerCard } from "./drawer-card.tsx";
import classes from "./drawer-screen.module.css";
import { LastCount, type Count } from "./last-count.tsx";
import { MoveCash, type Movement } from "./move-cash.tsx";
import { OpenDrawerForm } from "./open-drawer-form.tsx";
import { OtherDrawers } from "./other-drawers.tsx";
import { PayTips } from "./pay-tips.tsx";
import { ReportList } from "./report-list.tsx";
import { useTills } from "./use-open-drawer.ts";

export type DrawerTask = Movement | "tips" | "close" | "open";

/** DOM-16: one session of this tablet's drawer, from its float to the blind count. What the count came to stays until another drawer is opened or chosen, or the screen is left. */
export function DrawerScreen() {
  const { own } = useTills();
  const screen = useRef<HTMLDivElement>(null);
  useKeptFocus(screen);
  const [last, setLast] = useState<Count | null>(null);
  const leave = () => setLast(null);
  return (
    <div ref={screen} className={classes["screen"]}>
      {own ? (
        <OpenDrawer key={own.id} drawer={own} onClosed={setLast} />
      ) : (
        <>
          <section className={classes["panel"]} aria-label="Open a drawer">
            <h1 className={classes["title"]} {...FOCUS_HOME}>Open a drawer</h1>
            <OpenDrawerForm onOpened={leave} />
          </section>
          <div className={classes["column"]}>
            {last ? <LastCount count={last} /> : null}
            <OtherDrawers onChosen={leave} />
            <ReportList />
          </div>
        </>
      )}
    </div>
  );
}

function OpenDrawer({ drawer, onClosed }: { readonly drawer: DrawerState; readonly onClosed: (count: Count) => void }) {
  const [task, setTask] = useState<DrawerTask>("close");
  const done = () => setTask("close");
  return (
    <>
      <div className={classes["column"]}>
        <DrawerCard drawer={drawer} task={task} onTask={setTask} />
        <OtherDrawers />
        <ReportList />
      </div>
      <section className={classes["panel"]} aria-label="Drawer task">
        {task === "close" ? <CloseDrawer drawer={drawer} onClosed={onClosed} /> : null}
        {task === "tips" ? <PayTips drawer={drawer} onDone={done} /> : null}
        {task === "pay-in" || task === "pay-out" || task === "drop" ? <MoveCash key={task} drawer={drawer} kind={task} onDone={done} /> : null}
        {task === "open" ? (
          <>
            <h2 className={classes["title"]}>Open another drawer</h2>
            <OpenDrawerForm />
          </>
        ) : null}
      </section>
    </>
  );
}

import { BrowserRouter, Navigate, Route, Routes } from "react-router";
import { useHub, useSession, useWorldLoaded } from "../kit/hooks.ts";
import { useStore } from "../kit/store.ts";
import { ConnectionBanner } from "../kit/ui/connection-banner.tsx";
import { PairScreen } from "../kit/ui/pair-screen.tsx";
import { ErrorState, Loading } from "../kit/ui/states.tsx";
import classes from "./app.module.css";
import { ApprovalDialog } from "./approval/approval-dialog.tsx";
import { useAskRunner } from "./approval/use-ask-runner.ts";
import { CheckScreen } from "./check/check-screen.tsx";
import { Said } from "./check/said.tsx";
import { DrawerScreen } from "./drawer/drawer-screen.tsx";
import { FloorScreen } from "./floor/floor-screen.tsx";
import { TakeawayScreen } from "./floor/takeaway-screen.tsx";
import { InSightContext } from "./lock/in-sight.ts";
import { LockScreen } from "./lock/lock-screen.tsx";
import { useAutoLock } from "./lock/use-auto-lock.ts";
import { WatchScreen } from "./lock/watch-screen.tsx";
import { ManagerScreen } from "./manager/manager-screen.tsx";
import { OrderScreen } from "./order/order-screen.tsx";
import { TopBar } from "./parts/top-bar.tsx";

export function App() {
  const { boot } = useHub();
  const { phase, trouble } = useStore(boot, (now) => now);
  if (phase === "unpaired") return <PairScreen app="pos" title="Pair this till" />;
  if (phase === "starting") {
    return trouble === "hub-away" ? <ErrorState title="The hub cannot be reached" text="Trying again by itself." /> : <Loading label="Finding the hub" />;
  }
  return (
    <BrowserRouter basename="/pos">
      <Work />
    </BrowserRouter>
  );
}

/** The work stays where it is behind the lock: dialogs, drafts and selections are there again after the PIN. */
function Work() {
  const { author } = useSession();
  const loaded = useWorldLoaded();
  const locked = author === null;
  const { watching, stopWatching, show } = useAutoLock();
  useAskRunner();
  return (
    <InSightContext value={show}>
      <div className={classes["app"]} inert={locked} aria-hidden={locked}>
        <ConnectionBanner />
        {loaded ? (
          <>
            <TopBar />
            <main className={classes["main"]}>
              <Screens />
            </main>
            <Said />
          </>
        ) : (
          <Loading label="Loading the place" />
        )}
      </div>
      {!locked ? <ApprovalDialog /> : watching === null ? <LockScreen /> : <WatchScreen author={watching} onSignIn={stopWatching} />}
    </InSightContext>
  );
}

function Screens() {
  return (
    <Routes>
      <Route path="/" element={<FloorScreen />} />
      <Route path="/takeaway" element={<TakeawayScreen />} />
      <Route path="/order/:order" element={<OrderScreen />} />
      <Route path="/pay/:order" element={<CheckScreen />} />
      <Route path="/drawer" element={<DrawerScreen />} />
      <Route path="/manager" element={<ManagerScreen />} />
      <Route path="*" element={<Navigate to="/" replace />} />
    </Routes>
  );
}

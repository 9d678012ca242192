import { Button } from "@mantine/core";
import { IconDeviceTabletOff, IconToolsKitchen2 } from "@tabler/icons-react";
import { useState } from "react";
import { useHub, useMerchant, useSession, useWorldLoaded } from "../kit/hooks.ts";
import { useStore } from "../kit/store.ts";
import { PairScreen } from "../kit/ui/pair-screen.tsx";
import { EmptyState, ErrorState, Loading } from "../kit/ui/states.tsx";
import classes from "./app.module.css";
import { PassScreen } from "./pass/pass-screen.tsx";
import { ScreenMenu } from "./screen/screen-menu.tsx";
import { ScreenProvider, useScreen, useSettings } from "./screen/screen.tsx";
import { SoundHint } from "./screen/sound-hint.tsx";
import { StaleBanner } from "./screen/stale-banner.tsx";
import { StationChoice } from "./screen/station-choice.tsx";
import { StationScreen } from "./station/station-screen.tsx";

export function App({ linked }: { readonly linked: boolean }) {
  const { boot, session } = useHub();
  const { phase, trouble } = useStore(boot, (now) => now);
  const { pairing } = useSession();
  if (phase === "unpaired") return <PairScreen app="kds" title="Pair this kitchen screen" />;
  if (phase === "starting" || !pairing) {
    return trouble === "hub-away" ? <ErrorState title="The hub cannot be reached" text="Trying again by itself." /> : <Loading label="Finding the hub" />;
  }
  // Failure 20: another kind of device never gets a kitchen's session, and must not wait for it for ever.
  if (pairing.kind !== "kds") {
    const again = <Button mt="md" size="xl" onClick={() => session.unpair()}>Pair it anew</Button>;
    return <EmptyState icon={<IconDeviceTabletOff size={72} />} title="This is no kitchen screen" text={`It was paired as “${pairing.deviceName}” with a code for another kind of device. Ask a manager for a kitchen screen's code.`} action={again} />;
  }
  return (
    <ScreenProvider key={pairing.device} device={pairing.device} linked={linked}>
      <Kitchen />
    </ScreenProvider>
  );
}

function Kitchen() {
  const loaded = useWorldLoaded();
  const merchant = useMerchant();
  const { pairing } = useSession();
  const { change } = useScreen();
  const settings = useSettings();
  const [menu, setMenu] = useState(false);
  const stations = merchant?.stations ?? [];
  const station = stations.find((each) => each.station === (settings.station ?? pairing?.station));
  const openMenu = () => setMenu(true);

  return (
    <div className={classes["app"]}>
      <StaleBanner />
      {!loaded || !merchant ? (
        <Loading label="Loading the kitchen" />
      ) : stations.length === 0 ? (
        <EmptyState icon={<IconToolsKitchen2 size={72} />} title="No stations yet" text="A manager adds them in the settings; they appear here by themselves." />
      ) : !station ? (
        <StationChoice stations={stations} onChoose={(chosen) => change({ station: chosen })} />
      ) : station.kind === "pass" ? (
        <PassScreen key={station.station} station={station} merchant={merchant} onMenu={openMenu} />
      ) : (
        <StationScreen key={station.station} station={station} onMenu={openMenu} />
      )}
      {loaded && station ? <SoundHint /> : null}
      <ScreenMenu opened={menu} onClose={() => setMenu(false)} stations={stations} station={station?.station ?? null} />
    </div>
  );
}

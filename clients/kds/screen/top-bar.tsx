import { IconArrowBackUp, IconHistory, IconMenu2, IconVolume, IconVolumeOff } from "@tabler/icons-react";
import { useState } from "react";
import { useHubTime } from "../../kit/clock.ts";
import { timeOfDay } from "../../kit/format.ts";
import { useConnection, useHub, useMerchant } from "../../kit/hooks.ts";
import { useStore } from "../../kit/store.ts";
import type { Recall } from "./recall.ts";
import { RecallList } from "./recall-list.tsx";
import { useScreen, useSettings } from "./screen.tsx";
import classes from "./top-bar.module.css";

type TopBarProps = {
  readonly station: string;
  readonly open: number;
  readonly held: number;
  readonly noun: string;
  /** The last to leave first. */
  readonly recalls: readonly Recall[];
  readonly onRecall: (entry: Recall) => void;
  readonly onMenu: () => void;
};

export function TopBar({ station, open, held, noun, recalls, onRecall, onMenu }: TopBarProps) {
  const merchant = useMerchant();
  const phase = useConnection((state) => state.phase);
  const [listed, setListed] = useState(false);
  const last = recalls[0];
  return (
    <header className={classes["bar"]}>
      <h1 className={classes["station"]}>{station}</h1>
      <span className={classes["count"]}>
        <b>{open}</b> {noun}
      </span>
      {held > 0 ? (
        <span className={classes["count"]} data-dim="true">
          <b>{held}</b> held
        </span>
      ) : null}
      <span className={classes["place"]}>{merchant?.name}</span>
      <span className={classes["dot"]} data-live={phase === "live"} role="status" aria-label={phase === "live" ? "Connected" : "Connecting"} />
      <Clock zone={merchant?.zone ?? "UTC"} />
      {last ? (
        <button type="button" className={classes["button"]} onClick={() => onRecall(last)} aria-label={`Recall ${last.name} ${last.label}`}>
          <IconArrowBackUp size={34} aria-hidden /> Recall <b>{last.title}</b>
        </button>
      ) : null}
      <button type="button" className={classes["button"]} disabled={!last} onClick={() => setListed(true)} aria-label="Recall list">
        <IconHistory size={34} aria-hidden />
      </button>
      <SoundButton />
      <button type="button" className={classes["button"]} onClick={onMenu} aria-label="Screen menu">
        <IconMenu2 size={34} aria-hidden />
      </button>
      <RecallList opened={listed} onClose={() => setListed(false)} recalls={recalls} onRecall={onRecall} />
    </header>
  );
}

function Clock({ zone }: { readonly zone: string }) {
  const { clock } = useHub();
  const time = useHubTime(clock, 1000, (now) => timeOfDay(new Date(now).toISOString(), zone));
  return <time className={classes["clock"]}>{time}</time>;
}

function SoundButton() {
  const { chimes, change } = useScreen();
  const { sound } = useSettings();
  const state = useStore(chimes.state, (now) => now);
  const heard = sound && state === "on";
  return (
    <button type="button" className={classes["button"]} data-off={!heard} aria-pressed={sound} aria-label="Sound" onClick={() => change({ sound: !sound })}>
      {sound ? <IconVolume size={34} aria-hidden /> : <IconVolumeOff size={34} aria-hidden />}
    </button>
  );
}

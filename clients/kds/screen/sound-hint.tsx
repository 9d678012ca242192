import { IconVolumeOff } from "@tabler/icons-react";
import { useConnection } from "../../kit/hooks.ts";
import { useStore } from "../../kit/store.ts";
import { useScreen, useSettings } from "./screen.tsx";
import classes from "./sound-hint.module.css";

/** Browsers keep a page silent until it is touched once. The hint is no button: the touch may be anywhere. */
export function SoundHint() {
  const { chimes } = useScreen();
  const { sound } = useSettings();
  const stale = useConnection((state) => state.stale);
  const state = useStore(chimes.state, (now) => now);
  // What covers the STALE banner costs more than a chime.
  if (!sound || stale || state !== "locked") return null;
  return (
    <div className={classes["hint"]} role="status">
      <IconVolumeOff size={44} aria-hidden />
      <span>Tap anywhere to allow sound</span>
    </div>
  );
}

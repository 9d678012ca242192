import { IconBell, IconToolsKitchen2 } from "@tabler/icons-react";
import type { Station } from "#shared/events/commerce.ts";
import classes from "./station-choice.module.css";

type StationChoiceProps = { readonly stations: readonly Station[]; readonly onChoose: (station: string) => void };

export function StationChoice({ stations, onChoose }: StationChoiceProps) {
  return (
    <main className={classes["choice"]}>
      <h1>Which station is this?</h1>
      <StationButtons stations={stations} chosen={null} onChoose={onChoose} />
    </main>
  );
}

type StationButtonsProps = StationChoiceProps & { readonly chosen: string | null };

export function StationButtons({ stations, chosen, onChoose }: StationButtonsProps) {
  return (
    <div className={classes["stations"]} role="radiogroup" aria-label="Station">
      {stations.map(({ station, name, kind }) => (
        <button key={station} type="button" role="radio" aria-checked={station === chosen} className={classes["station"]} onClick={() => onChoose(station)}>
          {kind === "pass" ? <IconBell size={40} aria-hidden /> : <IconToolsKitchen2 size={40} aria-hidden />}
          {name}
        </button>
      ))}
    </div>
  );
}

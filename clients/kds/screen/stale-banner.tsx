import { IconPlugConnectedX } from "@tabler/icons-react";
import { useDeviceNow } from "../../kit/clock.ts";
import { timerText } from "../../kit/format.ts";
import { useConnection, useMerchant, useOutbox } from "../../kit/hooks.ts";
import { ConnectionBanner } from "../../kit/ui/connection-banner.tsx";
import classes from "./stale-banner.module.css";

/** Screen rule 12, failure 20: after 5 s without a heartbeat a kitchen must know that tickets may be missing, and that it need not do anything. */
export function StaleBanner() {
  const stands = useConnection(({ stale, phase }) => stale && phase !== "elsewhere" && phase !== "outdated");
  return stands ? <Stale /> : <ConnectionBanner />;
}

function Stale() {
  const heardAt = useConnection((state) => state.heardAt);
  const zone = useMerchant()?.zone;
  const waiting = useOutbox((state) => state.waiting);
  const now = useDeviceNow(1000);
  return (
    <div className={classes["banner"]} role="alert">
      <IconPlugConnectedX size={64} stroke={2.2} aria-hidden />
      <b className={classes["word"]}>STALE</b>
      <p className={classes["text"]}>
        {heardAt === null ? "Not connected yet" : `Not connected since ${clockTime(heardAt, zone)}`}: tickets may be missing. It reconnects by itself.
        {waiting > 0 ? <small> {waiting === 1 ? "1 touch is kept" : `${waiting} touches are kept`} and sent then.</small> : null}
      </p>
      {heardAt === null ? null : <span className={classes["for"]} aria-hidden>{timerText(now - heardAt)}</span>}
    </div>
  );
}

function clockTime(at: number, zone: string | undefined): string {
  return new Intl.DateTimeFormat("en-GB", { ...(zone ? { timeZone: zone } : {}), hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
}

import { IconArrowBackUp, IconBikeFilled, IconBoltFilled, IconPaperBag, IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useHubTime } from "../../kit/clock.ts";
import { timeOfDay } from "../../kit/format.ts";
import { useHub, useMerchant } from "../../kit/hooks.ts";
import { isRush } from "../tickets/ages.ts";
import classes from "./marks.module.css";

type MarksProps = {
  readonly added: boolean;
  readonly recalled: boolean;
  readonly serviceType: "dine_in" | "takeaway" | "delivery";
  readonly promisedAt: string | null;
};

const SERVICE = { takeaway: { word: "TAKEAWAY", icon: IconPaperBag }, delivery: { word: "DELIVERY", icon: IconBikeFilled } } as const;

/** Screen rule 11: what is unlike a new ticket for a table, by word and by shape. */
export function Marks({ added, recalled, serviceType, promisedAt }: MarksProps) {
  const { clock } = useHub();
  const zone = useMerchant()?.zone ?? "UTC";
  const rush = useHubTime(clock, 10_000, (now) => isRush(promisedAt, now));
  if (!added && !recalled && !rush && serviceType === "dine_in" && promisedAt === null) return null;
  const service = serviceType === "dine_in" ? null : SERVICE[serviceType];
  const promised = promisedAt === null ? "" : ` ${timeOfDay(promisedAt, zone)}`;
  const Shape = service?.icon;
  return (
    <div className={classes["marks"]}>
      {rush ? <Mark kind="rush" icon={<IconBoltFilled size={28} aria-hidden />}>RUSH</Mark> : null}
      {added ? <Mark kind="add" icon={<IconPlus size={28} stroke={3.5} aria-hidden />}>ADD</Mark> : null}
      {service && Shape ? <Mark kind="service" icon={<Shape size={28} aria-hidden />}>{`${service.word}${promised}`}</Mark> : null}
      {!service && promised ? <Mark kind="service" icon={null}>{`FOR${promised}`}</Mark> : null}
      {recalled ? <Mark kind="recalled" icon={<IconArrowBackUp size={28} aria-hidden />}>RECALLED</Mark> : null}
    </div>
  );
}

function Mark({ kind, icon, children }: { readonly kind: string; readonly icon: ReactNode; readonly children: string }) {
  return (
    <b className={classes["mark"]} data-kind={kind}>
      {icon}
      {children}
    </b>
  );
}

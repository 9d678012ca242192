import { Text } from "@mantine/core";
import { IconCashRegister, IconChartBar, IconLayoutGrid, IconLock, IconPaperBag } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { NavLink } from "react-router";
import type { OrderState } from "#shared/domain/order/state.ts";
import { useConnection, useHub, useMay, usePicked, useSession, useSignedIn } from "../../kit/hooks.ts";
import { PersonBadge } from "../../kit/ui/person-badge.tsx";
import { ApprovalBell } from "../approval/approval-bell.tsx";
import { useTills } from "../drawer/use-open-drawer.ts";
import { NoticeRoom } from "./notice-room.tsx";
import classes from "./top-bar.module.css";

function withoutTable(orders: readonly OrderState[]): readonly OrderState[] {
  return orders.filter((order) => order.party === null && !order.completed);
}

export function TopBar() {
  const hub = useHub();
  const { pairing } = useSession();
  const who = useSignedIn();
  const mayManage = useMay("manage.view");
  const mayOperate = useMay("drawer.operate");
  const { open } = useTills();
  const phase = useConnection((state) => state.phase);
  const waiting = usePicked("order", withoutTable).length;
  return (
    <header className={classes["bar"]}>
      <nav className={classes["nav"]} aria-label="Main">
        <Tab to="/" icon={<IconLayoutGrid size={24} />} text="Floor" />
        <Tab to="/takeaway" icon={<IconPaperBag size={24} />} text="Takeaway" count={waiting} />
        {mayOperate ? <Tab to="/drawer" icon={<IconCashRegister size={24} />} text={open.length > 0 ? "Drawer" : "Open drawer"} /> : null}
        {mayManage ? <Tab to="/manager" icon={<IconChartBar size={24} />} text="Today" /> : null}
      </nav>
      <NoticeRoom className={classes["room"] ?? ""}><Text className={classes["place"]} truncate>{pairing?.merchant.name}</Text></NoticeRoom>
      <ApprovalBell />
      <span className={classes["dot"]} data-live={phase === "live"} role="status" aria-label={phase === "live" ? "Connected" : "Connecting"} />
      {who?.staff ? (
        <button type="button" className={classes["person"]} onClick={() => hub.session.lock()} aria-label={`Lock, ${who.staff.name}`}>
          <PersonBadge name={who.staff.name} color={who.staff.color} size={38} />
          <span>{who.staff.name}</span>
          <IconLock size={20} aria-hidden />
        </button>
      ) : null}
    </header>
  );
}

function Tab({ to, icon, text, count = 0 }: { readonly to: string; readonly icon: ReactNode; readonly text: string; readonly count?: number }) {
  return (
    <NavLink to={to} end className={classes["tab"] ?? ""}>
      {icon}
      <span>{text}</span>
      {count > 0 ? <b className={classes["count"]}>{count}</b> : null}
    </NavLink>
  );
}

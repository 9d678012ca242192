import { Tabs } from "@mantine/core";
import { IconActivityHeartbeat, IconAddressBook, IconAdjustments, IconBook2, IconCalendarDollar, IconChartBar, IconClockDollar, IconPackages, IconReceipt2, IconShieldLock, IconToolsKitchen2, IconUserX } from "@tabler/icons-react";
import { useSearchParams } from "react-router";
import { useMay } from "../../kit/hooks.ts";
import { EmptyState } from "../../kit/ui/states.tsx";
import { BooksScreen } from "./books-screen.tsx";
import { ChecksScreen } from "./checks-screen.tsx";
import { DayScreen } from "./day-screen.tsx";
import { GuestsScreen } from "./guests-screen.tsx";
import { HappyHoursScreen } from "./happy-hours-screen.tsx";
import { HouseAccountsScreen } from "./house-accounts-screen.tsx";
import classes from "./manager-screen.module.css";
import { MenuScreen } from "./menu-screen.tsx";
import { OperationScreen } from "./operation-screen.tsx";
import { PoliciesEditor } from "./policies-editor.tsx";
import { StockScreen } from "./stock-screen.tsx";
import { Today } from "./today.tsx";

const TABS = [
  { value: "today", text: "Today", icon: IconChartBar, screen: <Today /> },
  { value: "checks", text: "Bills", icon: IconReceipt2, screen: <ChecksScreen /> },
  { value: "day", text: "Day", icon: IconCalendarDollar, screen: <DayScreen /> },
  { value: "books", text: "Books", icon: IconBook2, screen: <BooksScreen /> },
  { value: "accounts", text: "Accounts", icon: IconAddressBook, screen: <HouseAccountsScreen /> },
  { value: "guests", text: "Guests", icon: IconUserX, screen: <GuestsScreen /> },
  { value: "menu", text: "Menu", icon: IconToolsKitchen2, screen: <MenuScreen /> },
  { value: "stock", text: "Stock", icon: IconPackages, screen: <StockScreen /> },
  { value: "happy-hours", text: "Happy hours", icon: IconClockDollar, screen: <HappyHoursScreen /> },
  { value: "policies", text: "Policies", icon: IconAdjustments, screen: <PoliciesEditor /> },
  { value: "operation", text: "Operation", icon: IconActivityHeartbeat, screen: <OperationScreen /> },
] as const;

export function ManagerScreen() {
  const mayView = useMay("manage.view");
  // In the address: a lock, or loading anew, ends on the tab that was left.
  const [search, setSearch] = useSearchParams();
  const tab = TABS.find(({ value }) => value === search.get("tab"))?.value ?? "today";
  if (!mayView) return <EmptyState icon={<IconShieldLock size={48} />} title="For managers" text="Sign in as somebody who may see the day." />;
  return (
    <Tabs value={tab} onChange={(value) => setSearch((now) => withTab(now, value), { replace: true })} className={classes["screen"] ?? ""} keepMounted={false}>
      <Tabs.List className={classes["tabs"] ?? ""}>
        {TABS.map(({ value, text, icon: Shape }) => <Tabs.Tab key={value} value={value} h={52} px="sm" fz={17} leftSection={<Shape size={21} />}>{text}</Tabs.Tab>)}
      </Tabs.List>
      {TABS.map(({ value, screen }) => <Tabs.Panel key={value} value={value} className={classes["panel"] ?? ""}>{screen}</Tabs.Panel>)}
    </Tabs>
  );
}

function withTab(now: URLSearchParams, tab: string | null): URLSearchParams {
  const next = new URLSearchParams(now);
  if (tab === null) next.delete("tab");
  else next.set("tab", tab);
  return next;
}

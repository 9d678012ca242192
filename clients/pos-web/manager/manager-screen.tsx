import { Tabs } from "@mantine/core";
import { IconChartBar, IconShieldLock, IconToolsKitchen2 } from "@tabler/icons-react";
import { useMay } from "../../kit/hooks.ts";
import { EmptyState } from "../../kit/ui/states.tsx";
import classes from "./manager-screen.module.css";
import { MenuList } from "./menu-list.tsx";
import { Today } from "./today.tsx";

export function ManagerScreen() {
  const mayView = useMay("manage.view");
  if (!mayView) return <EmptyState icon={<IconShieldLock size={48} />} title="For managers" text="Sign in as somebody who may see the day." />;
  return (
    <Tabs defaultValue="today" className={classes["screen"] ?? ""} keepMounted={false}>
      <Tabs.List className={classes["tabs"] ?? ""}>
        <Tabs.Tab value="today" h={52} fz={18} leftSection={<IconChartBar size={22} />}>Today</Tabs.Tab>
        <Tabs.Tab value="menu" h={52} fz={18} leftSection={<IconToolsKitchen2 size={22} />}>Menu and countdowns</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="today" className={classes["panel"] ?? ""}><Today /></Tabs.Panel>
      <Tabs.Panel value="menu" className={classes["panel"] ?? ""}><MenuList /></Tabs.Panel>
    </Tabs>
  );
}

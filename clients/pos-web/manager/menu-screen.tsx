import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import classes from "./manager-screen.module.css";
import { MenuList } from "./menu-list.tsx";
import { RoutesEditor } from "./routes-editor.tsx";

const VIEWS = [
  { value: "left", label: "What is left" },
  { value: "routes", label: "Where it is made" },
] as const;

/** What of the menu there is, and which station makes it. */
export function MenuScreen() {
  const [view, setView] = useState<string>("left");
  return (
    <div className={classes["menu"]}>
      <SegmentedControl aria-label="Of the menu" value={view} onChange={setView} data={[...VIEWS]} mb="md" />
      {view === "routes" ? <RoutesEditor /> : <MenuList />}
    </div>
  );
}

import { Menu } from "@mantine/core";
import { createContext, useContext, useEffect, useState, type ComponentProps } from "react";
import { PartMenu } from "./part-menu.tsx";
import classes from "./part-panel.module.css";
import type { Part } from "./use-bill.ts";
import type { Surgery } from "./use-surgery.ts";

/** The board around a part, for what is opened on it: a closed menu is not drawn again whenever another part changes. */
export const BoardContext = createContext<{ readonly parts: readonly Part[]; readonly surgery: Surgery } | null>(null);

type PartMoreProps = { readonly check: string; readonly name: string; readonly look?: string | undefined };

/** Its menu is made when it is first opened: twelve closed ones cost more than all the lines of a large bill. */
export function PartMore({ check, name, look }: PartMoreProps) {
  const [wanted, setWanted] = useState(false);
  if (!wanted) return <MoreButton name={name} look={look} aria-haspopup="menu" aria-expanded={false} onClick={() => setWanted(true)} />;
  return <MadeMenu check={check} name={name} look={look} />;
}

function MadeMenu({ check, name, look }: PartMoreProps) {
  const board = useContext(BoardContext);
  const [opened, setOpened] = useState(false);
  const part = board?.parts.find((each) => each.check.id === check);
  // Opened only after its own button has the focus, which it gives back when it closes.
  useEffect(() => setOpened(true), []);
  return (
    <Menu position="bottom-end" width={280} opened={opened} onChange={setOpened}>
      <Menu.Target><MoreButton name={name} look={look} autoFocus /></Menu.Target>
      <Menu.Dropdown>{board && part ? <PartMenu part={part} parts={board.parts} surgery={board.surgery} /> : null}</Menu.Dropdown>
    </Menu>
  );
}

function MoreButton({ name, look = classes["more"], className, ...props }: ComponentProps<"button"> & Omit<PartMoreProps, "check">) {
  return <button type="button" {...props} className={`${look ?? ""} ${classes["dots"] ?? ""} ${className ?? ""}`} aria-label={`More for ${name}`} />;
}

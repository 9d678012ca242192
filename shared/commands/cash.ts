import { z } from "zod";
import { enteredMoney, id, text } from "#shared/events/primitives.ts";

/** `drawer.open` -> `{}`. Refuses: drawer-open (a session of that name is open). `drawer.close` -> `{ expected, difference }`. Refuses: drawer-closed. */
export const openDrawer = z.object({ drawer: id("drawer"), name: text(30), float: enteredMoney });
export const closeDrawer = z.object({ drawer: id("drawer"), counted: enteredMoney });

import { IconCircleCheck, IconPlugConnectedX } from "@tabler/icons-react";
import { useConnection } from "../../kit/hooks.ts";
import classes from "./all-done.module.css";

/** Nothing to do; but a screen that is not connected does not know that. */
export function AllDone({ text }: { readonly text: string }) {
  const stale = useConnection((state) => state.stale);
  return (
    <div className={classes["done"]} data-stale={stale} role="status">
      {stale ? <IconPlugConnectedX size={150} stroke={1.4} aria-hidden /> : <IconCircleCheck size={150} stroke={1.4} aria-hidden />}
      <h2>{stale ? "Nothing new is known" : "All done"}</h2>
      <p>{stale ? "This screen shows what it knew when it was last connected." : text}</p>
    </div>
  );
}

import { IconCircleCheck } from "@tabler/icons-react";
import classes from "./all-done.module.css";

export function AllDone({ text }: { readonly text: string }) {
  return (
    <div className={classes["done"]} role="status">
      <IconCircleCheck size={150} stroke={1.4} aria-hidden />
      <h2>All done</h2>
      <p>{text}</p>
    </div>
  );
}

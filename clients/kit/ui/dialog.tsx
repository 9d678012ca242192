import { Modal, type ModalProps } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { focusHome, goHome, type Home } from "./focus-home.ts";
import { keepFocus } from "./use-kept-focus.ts";

/**
 * A dialog that keeps the keyboard from step to step, and gives it back to what opened it, also when it is taken away with its screen instead of being closed (Mantine's own
 * return needs `opened` to change).
 */
export function Dialog(props: ModalProps) {
  return (
    <Modal {...props} returnFocus={false}>
      {props.opened ? <FocusReturn /> : null}
      {props.children}
    </Modal>
  );
}

/** Of the dialogs that are open, the last one on top. What a dialog was opened from may go before it does, with the dialog beneath it: then that one's home is where focus goes. */
const open: (readonly Home[])[] = [];

/** Before anything in the dialog takes the focus: a state's first value is made while it is drawn. */
function FocusReturn() {
  const mark = useRef<HTMLSpanElement>(null);
  const [homes] = useState(() => [focusHome(), ...(open.at(-1) ?? [])]);
  useEffect(() => {
    const own = mark.current?.closest<HTMLElement>('[role="dialog"]') ?? null;
    const stop = own ? keepFocus(own) : undefined;
    open.push(homes);
    return () => {
      stop?.();
      open.splice(open.lastIndexOf(homes), 1);
      // After the dialog has gone from the page.
      setTimeout(() => goHome(homes, own), 0);
    };
  }, [homes]);
  return <span ref={mark} hidden />;
}

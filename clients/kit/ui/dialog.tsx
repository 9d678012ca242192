import { Modal, type ModalProps } from "@mantine/core";
import { useEffect, useState } from "react";
import { focusHome } from "./focus-home.ts";

/** A dialog that gives the keyboard back to what opened it, also when it is taken away with its screen instead of being closed (Mantine's own return needs `opened` to change). */
export function Dialog(props: ModalProps) {
  return (
    <Modal {...props}>
      {props.opened ? <FocusReturn /> : null}
      {props.children}
    </Modal>
  );
}

/** Before anything in the dialog takes the focus: a state's first value is made while it is drawn. */
function FocusReturn() {
  const [home] = useState(() => focusHome(document.activeElement));
  useEffect(
    () => () => {
      // After the dialog has gone from the page, and unless somebody has gone elsewhere meanwhile.
      setTimeout(() => {
        if (document.activeElement === null || document.activeElement === document.body) home()?.focus({ preventScroll: true });
      }, 0);
    },
    [home],
  );
  return null;
}

import { useNotifications } from "@mantine/notifications";
import { useLayoutEffect, useRef, type ReactNode } from "react";

/** The room between what is tapped in the bar: notices stand there and cover nothing but what is in it. */
export function NoticeRoom({ className, children }: { readonly className: string; readonly children: ReactNode }) {
  const { notifications } = useNotifications();
  const room = useRef<HTMLDivElement>(null);
  // Measured for each notice: the bar's other parts come and go.
  useLayoutEffect(() => {
    const box = room.current?.getBoundingClientRect();
    if (!box) return;
    const root = document.documentElement;
    root.dataset["noticeRoom"] = "";
    root.style.setProperty("--notice-top", `${box.top}px`);
    root.style.setProperty("--notice-left", `${box.left}px`);
    root.style.setProperty("--notice-height", `${box.height}px`);
    root.style.setProperty("--notice-width", `${box.width}px`);
  }, [notifications]);
  return <div ref={room} className={className}>{children}</div>;
}

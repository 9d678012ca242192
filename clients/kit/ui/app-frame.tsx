import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import { Component, useEffect, type ReactNode } from "react";
import { HubContext } from "../hooks.ts";
import type { HubClient } from "../hub-client.ts";
import { darkTheme, theme } from "../theme.ts";
import "../theme.css";
import classes from "./app-frame.module.css";
import { watchFocus } from "./focus-home.ts";
import { ErrorState } from "./states.tsx";

export type AppFrameProps = { readonly hub: HubClient; readonly scheme: "light" | "dark"; readonly children: ReactNode };

/** What both apps stand in: theme, hub, notices, and a floor under bugs. */
export function AppFrame({ hub, scheme, children }: AppFrameProps) {
  useEffect(() => watchFocus(), []);
  return (
    <MantineProvider theme={scheme === "dark" ? darkTheme : theme} forceColorScheme={scheme}>
      <Notifications position="top-center" layout="stacked" autoClose={4500} limit={3} containerWidth={520} classNames={{ root: classes["notices"] ?? "", notification: classes["notice"] ?? "" }} />
      <HubContext.Provider value={hub}>
        <Fallback>{children}</Fallback>
      </HubContext.Provider>
    </MantineProvider>
  );
}

class Fallback extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  /** Caught is not mended: whoever watches the page's errors hears of it. */
  override componentDidCatch(error: unknown) {
    reportError(error);
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return <ErrorState title="Something went wrong on this screen" text="Nothing that was sent is lost." onRetry={() => this.setState({ failed: false })} />;
  }
}

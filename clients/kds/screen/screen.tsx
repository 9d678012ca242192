import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { useStore, type Store } from "../../kit/store.ts";
import { Chimes } from "../sound/chimes.ts";
import { openSettings, type ScreenSettings } from "./settings.ts";

type Screen = {
  readonly chimes: Chimes;
  readonly settings: Store<ScreenSettings>;
  change(settings: Partial<ScreenSettings>): void;
};

const ScreenContext = createContext<Screen | null>(null);

/** `linked`: this page was opened by a link that names a station. */
export function ScreenProvider({ device, linked, children }: { readonly device: string; readonly linked: boolean; readonly children: ReactNode }) {
  const [chimes] = useState(() => new Chimes());
  useEffect(() => chimes.start(), [chimes]);
  const screen = useMemo((): Screen => {
    const settings = openSettings(window.localStorage, device, linked);
    return { chimes, settings, change: (changed) => settings.set({ ...settings.get(), ...changed }) };
  }, [chimes, device, linked]);
  return <ScreenContext.Provider value={screen}>{children}</ScreenContext.Provider>;
}

export function useScreen(): Screen {
  const screen = useContext(ScreenContext);
  if (!screen) throw new Error("no screen above this component");
  return screen;
}

export function useSettings(): ScreenSettings {
  return useStore(useScreen().settings, (settings) => settings);
}

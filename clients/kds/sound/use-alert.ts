import { useEffect, useRef } from "react";
import { useScreen, useSettings } from "../screen/screen.tsx";
import { alertBetween, type Alert, type Heard } from "./alerts.ts";

/** Sounds when something new can be heard; the first look at a station is silent, what came while disconnected is not. */
export function useAlert(station: string, heard: Heard, called: (before: Heard | null, after: Heard) => Alert | null = alertBetween): void {
  const { chimes } = useScreen();
  const { sound } = useSettings();
  const before = useRef<{ readonly station: string; readonly heard: Heard } | null>(null);
  useEffect(() => {
    const last = before.current?.station === station ? before.current.heard : null;
    before.current = { station, heard };
    const alert = called(last, heard);
    if (alert !== null && sound) chimes.play(alert);
  }, [station, heard, called, sound, chimes]);
}

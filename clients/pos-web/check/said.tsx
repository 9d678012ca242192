import { VisuallyHidden } from "@mantine/core";
import { useEffect } from "react";
import { useLocation } from "react-router";
import { create } from "zustand";

type Sayings = { readonly words: string; readonly turn: number; say(words: string): void };

/** What has come of what was done, in the words of the screen. */
export const useSayings = create<Sayings>()((set) => ({ words: "", turn: 0, say: (words) => set(({ turn }) => ({ words, turn: turn + 1 })) }));

/** Says it to those who do not see the screen: a region is heard only when it was there before its words. */
export function Said() {
  const { words, turn, say } = useSayings();
  const { pathname } = useLocation();
  useEffect(() => () => say(""), [say, pathname]);
  // Of a new turn also the same words are heard again.
  return <VisuallyHidden role="status" aria-label="What was done"><span key={turn}>{words}</span></VisuallyHidden>;
}

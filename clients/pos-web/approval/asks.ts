import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";
import type { ApprovalAction, ApprovalSubject } from "#shared/events/approval.ts";
import type { CommandType } from "#shared/domain/registry.ts";

/** A command that needs somebody's yes: it is sent by itself when the yes is there. */
export type Ask = {
  readonly approval: string;
  /** Who asks: the approval is theirs alone. */
  readonly author: string;
  readonly action: ApprovalAction;
  readonly subject: ApprovalSubject;
  readonly type: CommandType;
  readonly input: Readonly<Record<string, unknown>>;
  /** What is said when it is done while people wait for it here. From afar a notice tells it. */
  readonly said?: (result: unknown) => string;
};

type Asks = {
  /** Over the screen now. */
  readonly open: Ask | null;
  /** Asked from afar; the waiter works on. */
  readonly waiting: readonly Ask[];
  ask(ask: Ask): void;
  close(): void;
  wait(ask: Ask): void;
  settle(approval: string): void;
};

/** Survives a reload: what was asked for is done when the manager says yes, whatever is on the screen then. */
export const useAsks = create<Asks>()(
  persist(
    (set) => ({
      open: null,
      waiting: [],
      ask: (open) => set({ open }),
      close: () => set({ open: null }),
      wait: (ask) => set(({ waiting }) => ({ open: null, waiting: [...waiting, ask] })),
      settle: (approval) => set(({ waiting }) => ({ waiting: waiting.filter((each) => each.approval !== approval) })),
    }),
    { name: "comanda.pos.asks", storage: createJSONStorage(() => window.sessionStorage), partialize: ({ waiting }) => ({ waiting }) },
  ),
);

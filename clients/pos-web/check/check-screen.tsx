import { notifications } from "@mantine/notifications";
import { useEffect, useMemo, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useAggregate } from "../../kit/hooks.ts";
import { Leave, useLeave } from "../parts/leave.tsx";
import { unsentItems } from "../order/order-lines.ts";
import { useOrderWork } from "../order/use-order-work.ts";
import { AttemptCard } from "../pay/attempt-card.tsx";
import { OpenPoints, useOpenPoints } from "../pay/open-points.tsx";
import { PaidPane } from "../pay/paid-pane.tsx";
import { PayPane, type Payable } from "../pay/pay-pane.tsx";
import payClasses from "../pay/pay.module.css";
import { useSettling } from "../pay/use-settling.ts";
import { UnsentNotice } from "../pay/unsent-notice.tsx";
import { BillBoard, type Paying } from "./bill-board.tsx";
import { lastingKey, type Kept } from "./lasting-key.ts";
import { attemptFor, nextPayable } from "./parts.ts";
import { useBill } from "./use-bill.ts";

export function CheckScreen() {
  const { order: orderId = "" } = useParams();
  return <OneBill key={orderId} orderId={orderId} />;
}

/** The parts on the left, paying one of them on the right; when it is paid the next one is there by itself. */
function OneBill({ orderId }: { readonly orderId: string }) {
  const work = useOrderWork(orderId);
  const navigate = useNavigate();
  const leaveFor = useLeave();
  const { parts, payables } = useBill(work);
  const [asked, setAsked] = useState<Paying | null>(null);
  const [settled, setSettled] = useState<string | null>(null);
  const { order, check, party } = work;
  const points = useOpenPoints(new Set(parts.map((part) => part.check.id)));

  const settling = useSettling(parts.map((part) => `${part.check.id} ${part.check.status} ${part.check.tenders.length}`).join());
  const unsent = useMemo(() => (order ? unsentItems(order).length : 0), [order]);
  const ofAsked = payables.filter((each) => each.check.id === asked?.check);
  const chosen = ofAsked.find((each) => each.part === asked?.part) ?? ofAsked.find((each) => each.due > 0n) ?? ofAsked[0];
  const current = chosen ?? nextPayable(payables, null) ?? payables[0];
  const takes = current ? takesMoney(current) : false;
  const key = current ? `${current.check.id} ${current.part ?? ""}` : "";
  const [kept, setKept] = useState<Kept | null>(null);
  const gone = useAggregate("check", kept?.check) === undefined;
  const pane = current ? lastingKey(kept, current.check.id, gone) : null;
  if (pane !== null && pane !== kept) setKept(pane);
  const next = nextPayable(payables, current ? { check: current.check.id, part: current.part } : null);

  // What has just been paid here is left by itself for the next part, unless change has to be given back first.
  useEffect(() => {
    if (!current) return;
    if (takes) {
      setSettled(key);
      // Named, so that it is still here with its change when it is paid.
      return setAsked({ check: current.check.id, part: current.part });
    }
    if (settled !== key || !next) return;
    const change = current.check.tenders.at(-1)?.change;
    if (change && change.amount !== "0") return;
    const paid = current.check.tenders.some((tender) => (tender.part ?? null) === current.part);
    notifications.show({ color: "basil", message: `${current.name} ${paid ? "is paid" : "owes nothing"}`, withBorder: true, autoClose: 2500 });
    setAsked({ check: next.check.id, part: next.part });
  }, [current, takes, key, settled, next]);

  if (!order) return <Leave to="/" />;
  if (!check || !current) return <Leave to={`/order/${orderId}`} />;
  const notice =
    unsent > 0 || points.length > 0 ? (
      <>
        {unsent > 0 ? <UnsentNotice work={work} count={unsent} /> : null}
        <OpenPoints points={points} />
      </>
    ) : null;
  // The answer to "Clear table" may come when somebody is elsewhere already.
  const leave = () => leaveFor(party ? "/" : "/takeaway");
  const attempt = attemptFor(current);
  return (
    <BillBoard work={work} parts={parts} paying={{ check: current.check.id, part: current.part }} onPay={setAsked} onBack={() => void navigate(`/order/${orderId}`)}>
      {attempt ? (
        <aside className={payClasses["pay"]} aria-label="Payment">
          {notice}
          <AttemptCard key={attempt.payment} attempt={attempt} />
        </aside>
      ) : takes ? (
        <PayPane key={`${pane?.key ?? ""} ${current.part ?? ""} ${current.check.tenders.length}`} payable={current} settling={settling} notice={notice} />
      ) : (
        <PaidPane work={work} check={current.check} name={current.name} checks={parts.map((part) => part.check)} next={next} onNext={(each) => setAsked({ check: each.check.id, part: each.part })} notice={notice} blocked={unsent > 0} settling={settling} onDone={leave} />
      )}
    </BillBoard>
  );
}

function takesMoney({ check, due }: Payable): boolean {
  return (check.status === "open" || check.status === "presented") && due > 0n;
}

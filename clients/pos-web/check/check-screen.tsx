import { Navigate, useNavigate, useParams } from "react-router";
import { useOrderWork } from "../order/use-order-work.ts";
import { unsentItems } from "../order/order-lines.ts";
import { Bill } from "./bill.tsx";
import classes from "./check-screen.module.css";
import { PaidPane } from "./paid-pane.tsx";
import { PayPane } from "./pay-pane.tsx";

export function CheckScreen() {
  const { order: orderId = "" } = useParams();
  const work = useOrderWork(orderId);
  const navigate = useNavigate();
  const { order, check, party } = work;
  if (!order) return <Navigate to="/" replace />;
  if (!check) return <Navigate to={`/order/${orderId}`} replace />;
  const unsent = unsentItems(order).length;
  const settled = check.status === "paid" || check.status === "closed" || check.status === "voided";
  return (
    <div className={classes["screen"]}>
      <Bill work={work} check={check} onBack={() => void navigate(`/order/${orderId}`)} />
      {settled ? <PaidPane work={work} check={check} unsent={unsent} onDone={() => void navigate(party ? "/" : "/takeaway")} /> : <PayPane key={check.tenders.length} work={work} check={check} unsent={unsent} />}
    </div>
  );
}

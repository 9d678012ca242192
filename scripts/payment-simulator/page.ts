/** The page of a person who plays guest, bank and bad weather. */
export function page(moods: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Payment simulator</title>
<style>
  body { font: 16px/1.4 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem; background: #f6f5f2; color: #1c1b19; }
  section { background: #fff; border-radius: 12px; padding: 1rem; margin: 1rem 0; box-shadow: 0 1px 3px #0002; }
  h1 { font-size: 1.4rem; } h2 { margin: 0 0 .5rem; font-size: 1.15rem; }
  button { min-height: 48px; min-width: 48px; padding: 0 .9rem; margin: .15rem; border: 1px solid #8886; border-radius: 10px; background: #fff; font: inherit; cursor: pointer; }
  button[aria-pressed=true] { background: #1c4f3a; color: #fff; }
  table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .5rem; border-top: 1px solid #0001; vertical-align: middle; }
  .tip { width: 6rem; min-height: 44px; font: inherit; }
</style>
<h1>Payment simulator</h1>
<p>Nobody is charged. Choose how each provider behaves, and what the guest does.</p>
<main id="providers" aria-live="polite">Loading …</main>
<script>
const MOODS = ${JSON.stringify(moods)};
const root = document.getElementById("providers");
const el = (tag, props = {}, ...children) => { const node = Object.assign(document.createElement(tag), props); node.append(...children); return node; };
const post = async (path, body) => { await fetch("/api/providers/" + path, { method: "POST", body: JSON.stringify(body) }); await refresh(); };
const money = (amount, currency) => amount === undefined ? "" : amount + " minor units " + currency;
function attemptRow(name, attempt) {
  const tip = el("input", { className: "tip", placeholder: "tip", inputMode: "numeric", ariaLabel: "Tip in minor units" });
  const act = (what) => el("button", { onclick: () => post(name + "/attempts/" + attempt.attempt, { do: what, ...(tip.value ? { tip: tip.value } : {}) }) }, what);
  const buttons = attempt.state === "pending" ? [tip, act("approve"), act("decline"), act("expire")] : attempt.state === "captured" ? [act("settle"), act("reverse")] : [];
  return el("tr", {}, el("td", {}, attempt.attempt.slice(-8)), el("td", {}, money(attempt.amount, attempt.currency) + (attempt.tip && attempt.tip !== "0" ? " + tip " + attempt.tip : "")), el("td", {}, attempt.state), el("td", {}, ...buttons));
}
async function refresh() {
  if (document.activeElement && document.activeElement.tagName === "INPUT" && document.activeElement.value) return;
  const providers = await (await fetch("/api/providers")).json();
  root.replaceChildren(...providers.map(({ name, kind, mood, attempts, deliveries }) => el("section", {},
    el("h2", {}, name + " (" + kind + ")"),
    el("div", { role: "group", ariaLabel: "Mood" }, ...MOODS.map((one) => { const button = el("button", { onclick: () => post(name + "/mood", { mood: one }) }, one); button.setAttribute("aria-pressed", String(one === mood.mood)); return button; })),
    el("table", {}, el("tbody", {}, ...attempts.slice(-12).reverse().map((attempt) => attemptRow(name, attempt)))),
    el("p", {}, "Webhooks: " + (deliveries.slice(-8).map((one) => one.type.replace("mq-pay:", "") + " " + one.status + (one.tries > 1 ? " (try " + one.tries + ")" : "")).join(", ") || "none yet")))));
}
refresh(); setInterval(refresh, 1500);
</script>
</html>`;
}

type Shown = { readonly state: string; readonly amount?: string | undefined; readonly currency: string };

/** On the guest's telephone. */
export function guestPage(attempt: Shown | undefined): string {
  const text = attempt ? `${attempt.amount ?? ""} minor units ${attempt.currency}: ${attempt.state}` : "There is nothing to pay here.";
  const button = (what: string, name: string) => `<button name="do" value="${what}" style="font:inherit;min-height:64px;min-width:45%;margin:.5rem 0;border-radius:12px">${name}</button>`;
  const form = attempt?.state === "pending" ? `<form method="post">${button("pay", "Pay")} ${button("decline", "Do not pay")}</form>` : "";
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Pay</title><body style="font:20px system-ui;padding:1.5rem"><h1>Pay</h1><p>${text}</p>${form}</body></html>`;
}

/** The preview page: one lane a printer, the newest slip on top. */
export function page(moods: readonly string[]): string {
  const options = moods.map((mood) => `<option value="${mood}">${mood.replaceAll("-", " ")}</option>`).join("");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Comanda printers</title>
<style>
:root { color-scheme: dark; --ground: #17191d; --lane: #1f2228; --line: #2e323a; --text: #eceae4; --quiet: #9a9ca3; --good: #5ec48b; --bad: #ff8a70; --accent: #ffc663; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.45 "Noto Sans", system-ui, sans-serif; height: 100vh; display: flex; flex-direction: column; }
header { padding: 20px 28px 12px; display: flex; align-items: baseline; gap: 16px; }
h1 { font-size: 22px; margin: 0; letter-spacing: -.01em; }
header p { margin: 0; color: var(--quiet); }
#live { margin-left: auto; font-size: 14px; color: var(--good); }
#live.lost { color: var(--bad); }
main { flex: 1; min-height: 0; display: grid; grid-auto-flow: column; grid-auto-columns: minmax(330px, 1fr); gap: 16px; padding: 8px 28px 28px; overflow-x: auto; }
section { background: var(--lane); border: 1px solid var(--line); border-radius: 14px; display: flex; flex-direction: column; min-height: 0; }
.head { display: flex; align-items: center; gap: 10px; padding: 14px 16px; border-bottom: 1px solid var(--line); }
.head h2 { margin: 0; font-size: 17px; flex: 1; overflow-wrap: anywhere; }
.dot { width: 10px; height: 10px; border-radius: 50%; background: var(--good); flex: none; }
.dot.bad { background: var(--bad); }
.count { color: var(--quiet); font-size: 13px; font-variant-numeric: tabular-nums; }
select { font: inherit; font-size: 14px; color: var(--text); background: var(--ground); border: 1px solid var(--line); border-radius: 8px; padding: 8px; min-height: 40px; max-width: 150px; }
.slips { overflow-y: auto; padding: 18px; display: flex; flex-direction: column; gap: 22px; align-items: center; }
figure { margin: 0; width: 100%; max-width: 380px; }
figure.new { animation: feed .45s ease-out; }
figure img { display: block; width: 100%; border-radius: 2px; box-shadow: 0 10px 26px #0009, 0 1px 2px #0008; }
figcaption { margin-top: 8px; color: var(--quiet); font-size: 13px; display: flex; gap: 10px; flex-wrap: wrap; font-variant-numeric: tabular-nums; }
.tag { color: var(--accent); }
.tag.bad { color: var(--bad); }
.kick { width: 100%; max-width: 380px; padding: 12px 14px; border: 1px dashed var(--line); border-radius: 10px; color: var(--accent); }
.empty { color: var(--quiet); text-align: center; padding: 48px 12px; }
@keyframes feed { from { transform: translateY(-26px); opacity: 0; } }
@media (prefers-reduced-motion: reduce) { figure.new { animation: none; } }
</style>
</head>
<body>
<header><h1>Printers</h1><p>Every slip as it came out, newest first.</p><span id="live" role="status">connecting</span></header>
<main></main>
<script>
const main = document.querySelector("main");
const live = document.getElementById("live");
const lanes = new Map();
const shown = new Map();
const time = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
let first = true;
let busy = false;
let again = false;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function laneOf(printer) {
  const known = lanes.get(printer.name);
  if (known) return known;
  const section = element("section");
  const head = element("div", "head");
  const dot = element("span", "dot");
  const count = element("span", "count");
  const select = document.createElement("select");
  select.innerHTML = ${JSON.stringify(options)};
  select.setAttribute("aria-label", "Mood of " + printer.name);
  select.addEventListener("change", async () => {
    await fetch("/api/printers/" + encodeURIComponent(printer.name) + "/mood", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ mood: select.value }) });
    refresh();
  });
  head.append(dot, element("h2", "", printer.name), count, select);
  const slips = element("div", "slips");
  slips.append(element("p", "empty", "Nothing printed yet."));
  section.append(head, slips);
  main.append(section);
  const lane = { dot, count, select, slips };
  lanes.set(printer.name, lane);
  return lane;
}

function slipView(slip) {
  if (slip.lines.length === 0) return element("div", "kick", "Drawer opened at " + time.format(new Date(slip.at)));
  const figure = element("figure", first ? "" : "new");
  const image = document.createElement("img");
  image.src = "/api/slips/" + slip.id + ".png";
  image.alt = slip.text;
  image.loading = "lazy";
  const caption = element("figcaption");
  caption.append(element("span", "", "No. " + slip.number), element("span", "", time.format(new Date(slip.at))));
  if (slip.drawerKicks > 0) caption.append(element("span", "tag", "drawer opened"));
  if (slip.buzzes > 0) caption.append(element("span", "tag", "buzzer"));
  if (!slip.cut) caption.append(element("span", "tag bad", "torn off, not cut"));
  if (slip.unknown.length > 0) caption.append(element("span", "tag bad", "unknown commands: " + slip.unknown.join(" ")));
  figure.append(image, caption);
  return figure;
}

async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const [printers, slips] = await Promise.all([fetch("/api/printers").then((r) => r.json()), fetch("/api/slips").then((r) => r.json())]);
    for (const printer of printers) {
      const lane = laneOf(printer);
      lane.dot.className = printer.mood.mood === "ok" ? "dot" : "dot bad";
      if (document.activeElement !== lane.select) lane.select.value = printer.mood.mood;
      const own = slips.filter((slip) => slip.printer === printer.name);
      lane.count.textContent = own.length + (own.length === 1 ? " slip" : " slips");
      if (own.length > 0) lane.slips.querySelector(".empty")?.remove();
      for (const slip of [...own].reverse()) {
        if (shown.has(slip.id)) continue;
        const view = slipView(slip);
        shown.set(slip.id, view);
        lane.slips.prepend(view);
      }
    }
    const kept = new Set(slips.map((slip) => slip.id));
    for (const [id, view] of shown) if (!kept.has(id)) { view.remove(); shown.delete(id); }
    first = false;
  } finally {
    busy = false;
    if (again) { again = false; refresh(); }
  }
}

const source = new EventSource("/api/events");
source.onmessage = () => { live.className = ""; live.textContent = "live"; refresh(); };
source.onerror = () => { live.className = "lost"; live.textContent = "simulator is away"; };
</script>
</body>
</html>`;
}

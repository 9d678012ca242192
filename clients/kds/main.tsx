import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createHubClient } from "../kit/hub-client.ts";
import { AppFrame } from "../kit/ui/app-frame.tsx";
import { App } from "./app.tsx";

const hub = createHubClient({ app: "kds", deviceName: "Kitchen screen", worksAlone: true });
const linked = new URLSearchParams(window.location.search).has("station");
// The kit remembers the link for this window: a reload must not undo a station chosen since.
if (linked) window.history.replaceState(null, "", window.location.pathname);
hub.start();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

createRoot(root).render(
  <StrictMode>
    <AppFrame hub={hub} scheme="dark">
      <App linked={linked} />
    </AppFrame>
  </StrictMode>,
);

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createHubClient } from "../kit/hub-client.ts";
import { AppFrame } from "../kit/ui/app-frame.tsx";
import { App } from "./app.tsx";

const hub = createHubClient({ app: "pos", deviceName: "Tablet", worksAlone: false });
hub.start();

const reports = new QueryClient({ defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false } } });
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

createRoot(root).render(
  <StrictMode>
    <AppFrame hub={hub} scheme="light">
      <QueryClientProvider client={reports}>
        <App />
      </QueryClientProvider>
    </AppFrame>
  </StrictMode>,
);

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const hub = process.env["HUB_URL"] ?? "http://localhost:3000";

export default defineConfig({
  root: import.meta.dirname,
  base: "/kds/",
  plugins: [react()],
  build: { outDir: "dist", emptyOutDir: true, target: "es2022", chunkSizeWarningLimit: 1200 },
  server: { proxy: { "/trpc": hub, "/ws": { target: hub, ws: true } } },
});

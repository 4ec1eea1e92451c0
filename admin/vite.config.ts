import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const root = path.resolve(import.meta.dirname, "..");

/** Builds the back office to dist/admin, served at /admin/. Pages are split by route; a partner's page never loads them. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/admin/",
  plugins: [react()],
  build: {
    outDir: path.join(root, "dist/admin"),
    emptyOutDir: true,
    sourcemap: false,
    // Inlined assets would be data: addresses, which the page's policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1100,
  },
});

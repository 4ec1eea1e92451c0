import { cpSync } from "node:fs";
import path from "node:path";
import { defineConfig, type Plugin } from "vite";

const root = path.resolve(import.meta.dirname);
const outDir = path.resolve(root, "../dist/widget");

/** The partner's page is plain files: nothing of it is bundled, as on a partner's own server. */
const copyDemo = (): Plugin => ({
  name: "copy-demo",
  closeBundle: () => cpSync(path.join(root, "demo"), path.join(outDir, "demo"), { recursive: true }),
});

/** Styles are indented for people; browsers need one space. */
const tightStyles = (): Plugin => ({
  name: "tight-styles",
  enforce: "pre",
  transform: (code, id) =>
    id.startsWith(root) && code.includes("css`")
      ? { code: code.replace(/css`[^`]*`/g, (style) => style.replace(/\s+/g, " ")), map: null }
      : null,
});

export default defineConfig({
  root,
  // Chunks are found relative to the script, so the script works from any origin and path.
  base: "./",
  publicDir: false,
  plugins: [tightStyles(), copyDemo()],
  build: {
    outDir,
    emptyOutDir: true,
    target: "es2023",
    modulePreload: false,
    chunkSizeWarningLimit: 600, // Highcharts; its real budget is tested in gzip
    rolldownOptions: {
      input: path.join(root, "index.ts"),
      // Lazy chunks take what they share with the entry from it, so that the entry stays one file.
      preserveEntrySignatures: "allow-extension",
      output: {
        format: "es",
        entryFileNames: "truewick.js",
        chunkFileNames: "chunks/[name]-[hash].js",
      },
    },
  },
});

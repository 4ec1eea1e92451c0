export { breachPreview, type PreviewDeps } from "./preview-breaches.ts";

import path from "node:path";
import express, { type Response, Router } from "express";

/** Names that carry a hash of their content may be kept for ever; all others are asked for again. */
const hashed = /[.-][A-Za-z0-9_-]{8,}\.(js|css|woff2?|svg|png)$/;
const year = "public, max-age=31536000, immutable";

/**
 * The built clients: /admin/ (any deeper page address is its index), /widget/v1/ (files that partners' pages load from
 * other origins) and /demo/ (a partner's page).
 */
export function staticRoutes(dist: string): Router {
  const router = Router();
  router.get("/", (_request, response) => response.redirect(302, "/admin/"));
  // Browsers ask for it unbidden; pages name their own icon.
  router.get("/favicon.ico", (_request, response) => {
    response.setHeader("cache-control", year).status(204).end();
  });
  router.use("/admin", files(path.join(dist, "admin")));
  router.get(/^\/admin\/(?!.*\.[a-z0-9]+$)/i, (_request, response, next) => {
    response.setHeader("cache-control", "no-cache");
    response.sendFile("index.html", { root: path.join(dist, "admin"), dotfiles: "allow" }, (error) => error && next());
  });
  router.use("/widget/v1", (_request, response, next) => {
    response.setHeader("access-control-allow-origin", "*"); // public files; module scripts are always fetched with CORS
    next();
  });
  router.use("/widget/v1", files(path.join(dist, "widget")));
  router.use("/demo", files(path.join(dist, "widget/demo")));
  return router;
}

const files = (folder: string) =>
  express.static(folder, {
    index: "index.html",
    redirect: true,
    setHeaders: (response: Response, file: string) =>
      response.setHeader("cache-control", hashed.test(path.basename(file)) ? year : "no-cache"),
  });

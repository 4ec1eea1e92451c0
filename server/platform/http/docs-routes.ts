import { createRequire } from "node:module";
import path from "node:path";
import { Router } from "express";

export interface DocsPorts {
  /** The OpenAPI document; asked once. */
  readonly document: () => object;
}

const assets = path.dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
const assetNames = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];
const assetMaxAgeMs = 86_400_000;

/** No inline script: the page passes the same content security policy as the rest. */
const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Truewick API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <main id="api"></main>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const start = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
});
`;

/** GET /openapi.json and /docs, a page that shows it: nothing is loaded from elsewhere. */
export function docsRoutes(ports: DocsPorts): Router {
  const router = Router();
  let document: string | null = null;
  router.get("/openapi.json", (_request, response) => {
    document ??= JSON.stringify(ports.document());
    response.type("application/json").send(document);
  });
  router.get("/docs", (_request, response) => {
    response.type("html").send(page);
  });
  router.get("/docs/start.js", (_request, response) => {
    response.type("text/javascript").send(start);
  });
  for (const name of assetNames)
    router.get(`/docs/${name}`, (_request, response) => {
      response.sendFile(name, { root: assets, dotfiles: "allow", maxAge: assetMaxAgeMs });
    });
  return router;
}

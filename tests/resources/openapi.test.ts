import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";
import type { RequestHandler, Router } from "express";
import { accountStatementRoutes } from "../../server/platform/http/account-statement-routes.ts";
import { agentMoveRoutes } from "../../server/platform/http/agent-move-routes.ts";
import { cashierRoutes } from "../../server/platform/http/cashier-routes.ts";
import { dashboardRoutes } from "../../server/platform/http/dashboard-routes.ts";
import { depositProofRoutes } from "../../server/platform/http/deposit-proof-routes.ts";
import { deviceRoutes } from "../../server/platform/http/device-routes.ts";
import { docsRoutes } from "../../server/platform/http/docs-routes.ts";
import { exportRoutes } from "../../server/platform/http/export-routes.ts";
import { fundFlowRoutes } from "../../server/platform/http/fund-flow-routes.ts";
import { healthRoutes } from "../../server/platform/http/health.ts";
import { journalRoutes } from "../../server/platform/http/journal-routes.ts";
import { lineStatementRoutes } from "../../server/platform/http/line-statement-routes.ts";
import { marketRoutes } from "../../server/platform/http/market-routes.ts";
import { orderRoutes } from "../../server/platform/http/order-routes.ts";
import { ownLimitsRoutes } from "../../server/platform/http/own-limits-routes.ts";
import { paymentRoutes } from "../../server/platform/http/payment-routes.ts";
import { payoutFileRoutes } from "../../server/platform/http/payout-file-routes.ts";
import { proofRoutes, receiptRoutes, staffReceiptRoutes } from "../../server/platform/http/proof-routes.ts";
import { riskChangeRoutes } from "../../server/platform/http/risk-change-routes.ts";
import { riskRoutes } from "../../server/platform/http/risk-routes.ts";
import { selfExclusionRoutes } from "../../server/platform/http/self-exclusion-routes.ts";
import { sessionRoutes } from "../../server/platform/http/session-routes.ts";
import { statementRoutes } from "../../server/platform/http/statement-routes.ts";
import { stressRoutes } from "../../server/platform/http/stress-routes.ts";
import { tradingRoutes } from "../../server/platform/http/trading-routes.ts";
import { unsignedPayoutRoutes } from "../../server/platform/http/unsigned-payout-routes.ts";
import { waterfallRoutes } from "../../server/platform/http/waterfall-routes.ts";
import { adminRoutes, attachmentRoutes, loadResources, openApiDocument } from "../../server/resources/index.ts";
import { backOfficeWriters } from "../../server/roles/back-office.ts";
import { backOfficeCommands } from "../../server/roles/back-office-commands.ts";

/** The document and the routes are the same list. Routes are only built here, never called. */
const resources = await loadResources();
const document = openApiDocument(resources);
const never = {} as never;
const pass: RequestHandler = (_request, _response, next) => next();

const mounted: readonly { readonly file: string; readonly at: string; readonly router: Router }[] = [
  { file: "health.ts", at: "", router: healthRoutes(never) },
  { file: "docs-routes.ts", at: "", router: docsRoutes(never) },
  { file: "session-routes.ts", at: "/api", router: sessionRoutes(never) },
  { file: "agent-move-routes.ts", at: "/api/admin", router: agentMoveRoutes({ requireStaff: pass } as never) },
  {
    file: "unsigned-payout-routes.ts",
    at: "/api/admin",
    router: unsignedPayoutRoutes({ requireStaff: pass } as never),
  },
  { file: "payout-file-routes.ts", at: "/api/admin", router: payoutFileRoutes({ requireStaff: pass } as never) },
  { file: "waterfall-routes.ts", at: "/api/admin", router: waterfallRoutes({ requireStaff: pass } as never) },
  { file: "dashboard-routes.ts", at: "/api/admin", router: dashboardRoutes({ requireStaff: pass, dashboard: never }) },
  {
    file: "line-statement-routes.ts",
    at: "/api/admin",
    router: lineStatementRoutes({ requireStaff: pass } as never),
  },
  { file: "journal-routes.ts", at: "/api/admin", router: journalRoutes({ requireStaff: pass } as never) },
  { file: "export-routes.ts", at: "/api/admin", router: exportRoutes({ requireStaff: pass } as never) },
  { file: "fund-flow-routes.ts", at: "/api/admin", router: fundFlowRoutes({ requireStaff: pass } as never) },
  { file: "risk-change-routes.ts", at: "/api/admin", router: riskChangeRoutes({ requireStaff: pass } as never) },
  { file: "risk-routes.ts", at: "/api/admin", router: riskRoutes({ requireStaff: pass } as never) },
  { file: "stress-routes.ts", at: "/api/admin", router: stressRoutes({ requireStaff: pass } as never) },
  { file: "market-routes.ts", at: "/api/trading", router: marketRoutes({ limit: pass } as never) },
  { file: "own-limits-routes.ts", at: "/api/trading", router: ownLimitsRoutes(never) },
  { file: "self-exclusion-routes.ts", at: "/api/trading", router: selfExclusionRoutes(never) },
  { file: "order-routes.ts", at: "/api/trading", router: orderRoutes(never) },
  { file: "trading-routes.ts", at: "/api/trading", router: tradingRoutes(never) },
  { file: "cashier-routes.ts", at: "/api/trading", router: cashierRoutes(never) },
  { file: "device-routes.ts", at: "/api/trading", router: deviceRoutes(never) },
  {
    file: "deposit-proof-routes.ts",
    at: "/api/trading",
    router: depositProofRoutes({ requireTrader: pass, limit: pass } as never),
  },
  { file: "account-statement-routes.ts", at: "/api/trading", router: accountStatementRoutes(never) },
  { file: "payment-routes.ts", at: "/api/payments", router: paymentRoutes({ limit: pass } as never) },
  { file: "statement-routes.ts", at: "/api/admin", router: statementRoutes({ requireStaff: pass } as never) },
  { file: "proof-routes.ts", at: "/api/proofs", router: proofRoutes({ limit: pass } as never) },
  { file: "proof-routes.ts", at: "/api/trading", router: receiptRoutes(never) },
  { file: "proof-routes.ts", at: "/api/admin", router: staffReceiptRoutes({ requireStaff: pass } as never) },
  { file: "", at: "/api/admin", router: attachmentRoutes({ resources, requireStaff: pass } as never) },
  {
    file: "",
    at: "/api/admin",
    router: adminRoutes({
      resources,
      readDb: never,
      transact: never,
      requireStaff: pass,
      writers: backOfficeWriters(never),
      commands: backOfficeCommands(never),
      stories: { orders: never },
      publishChanged: never,
    }),
  },
];

/** Files of the documentation page itself are no API. */
const isAsset = (route: string): boolean => route.startsWith("get /docs/");

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

const routes = mounted.flatMap(({ at, router }) =>
  (router.stack as unknown as Layer[]).flatMap(({ route }) =>
    route === undefined
      ? []
      : Object.keys(route.methods).map((method) => `${method} ${at}${route.path.replace(/:(\w+)/g, "{$1}")}`),
  ),
);
const documented = Object.entries(document.paths ?? {}).flatMap(([at, item]) =>
  Object.keys(item ?? {}).map((method) => `${method} ${at}`),
);

test("every mounted route is in the document, and every documented route is mounted", () => {
  expect([...documented].sort()).toEqual(routes.filter((route) => !isAsset(route)).sort());
  expect(documented.length).toBeGreaterThan(70);
});

test("no file of routes is left out of this comparison", () => {
  const files = readdirSync(path.resolve(import.meta.dirname, "../../server/platform/http"));
  const routeFiles = files.filter((file) => file.endsWith("-routes.ts"));
  expect(mounted.map(({ file }) => file)).toEqual(expect.arrayContaining(routeFiles));
});

test("the document is OpenAPI 3.1, its references lead somewhere, and money is text in it", () => {
  expect(document.openapi).toBe("3.1.0");
  const text = JSON.stringify(document);
  const schemas = Object.keys(document.components?.schemas ?? {});
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) expect(schemas).toContain(name);
  expect(document.components?.schemas?.Account).toMatchObject({
    type: "object",
    properties: {
      balance: { type: "string" },
      held: { type: "string" },
      state: { enum: ["active", "close-only", "disabled"] },
    },
  });
});

test("each operation has its own summary, a tag, and says how errors look", () => {
  for (const item of Object.values(document.paths ?? {}))
    for (const operation of Object.values(item ?? {}))
      expect(operation).toMatchObject({
        summary: expect.any(String),
        tags: [expect.any(String)],
        responses: { default: { content: { "application/problem+json": expect.anything() } } },
      });
});

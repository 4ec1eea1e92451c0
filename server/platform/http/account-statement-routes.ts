import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import express, { type Request, type Response, type Router } from "express";
import { z } from "zod";
import type { TraderIdentity } from "#contracts/identity.ts";
import type { StatementsReply } from "#contracts/statements-api.ts";
import { ProblemError, parseRequest } from "./problem.ts";
import { traderIn } from "./require.ts";

/** A file that is written piece by piece; `style`: the only style its page has, as the browser may be told (CSP). */
export interface WrittenStatement {
  readonly name: string;
  readonly type: string;
  readonly style: string | null;
  readonly pieces: AsyncIterable<string>;
}
export const statementForms = ["csv", "page"] as const;
export type StatementForm = (typeof statementForms)[number];

/** null: it is not the trader's. */
export interface AccountStatementPorts {
  readonly list: (
    trader: TraderIdentity,
    accountId: string,
    page: { readonly after: string | null; readonly limit: number },
  ) => Promise<StatementsReply | null>;
  readonly write: (trader: TraderIdentity, id: string, form: StatementForm) => Promise<WrittenStatement | null>;
}

const pageMax = 200;
const number = z.string().regex(/^[1-9]\d{0,17}$/, "must be the number of a statement");
const idParams = z.strictObject({ id: number });
const listQuery = z.strictObject({
  accountId: z.uuid(),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, `must be a whole number from 1 to ${pageMax}`)
    .transform(Number)
    .refine((limit) => limit <= pageMax, `must be a whole number from 1 to ${pageMax}`)
    .default(50),
  after: number.optional(),
});

/** A trader's daily statements: the list, and each as CSV or as a page to print. Mounted at /api/trading, behind requireTrader. */
export function accountStatementRoutes(ports: AccountStatementPorts): Router {
  const router = express.Router();
  router.get("/statements", async (request, response) => {
    const { accountId, limit, after } = parseRequest(listQuery, request.query);
    const found = await ports.list(traderIn(response), accountId.toLowerCase(), { after: after ?? null, limit });
    if (found === null) throw new ProblemError(404, "UNKNOWN_ACCOUNT", "You have no account with this id.");
    response.json(found);
  });
  for (const form of statementForms)
    router.get(`/statements/:id/${form}`, (request, response) => send(ports, form, request, response));
  return router;
}

async function send(
  ports: AccountStatementPorts,
  form: StatementForm,
  request: Request,
  response: Response,
): Promise<void> {
  const { id } = parseRequest(idParams, request.params);
  const written = await ports.write(traderIn(response), id, form);
  if (written === null) throw new ProblemError(404, "UNKNOWN_STATEMENT", "You have no statement with this number.");
  response.set({
    "Content-Type": `${written.type}; charset=utf-8`,
    "Content-Disposition": `${form === "csv" ? "attachment" : "inline"}; filename="${written.name}"`,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
  });
  if (written.style !== null)
    response.set("Content-Security-Policy", `default-src 'none'; style-src ${written.style}; frame-ancestors 'none'`);
  // When it breaks off, the connection is cut: the only way left to say that the file is not whole.
  await pipeline(Readable.from(written.pieces), response).catch(() => response.destroy());
}

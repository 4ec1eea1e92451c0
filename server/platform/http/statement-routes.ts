import express, { type Request, type RequestHandler, type Response, Router } from "express";
import { z } from "zod";
import { type StatementQuery, type StatementReply, statementBytesMax, statementQuery } from "#contracts/bank-api.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import { ProblemError, parseRequest } from "./problem.ts";
import { staffIn } from "./require.ts";

/** A no to a file: status, code and sentence. */
export interface StatementRefusal {
  readonly status: 404 | 409 | 422;
  readonly code: string;
  readonly message: string;
}

export interface StatementPorts {
  readonly requireStaff: RequestHandler;
  /** Whether this person may take statements of that bank account; throws a problem when not. */
  readonly demandBankAccount: (staff: StaffIdentity, id: string) => Promise<void>;
  readonly take: (
    file: { readonly bankAccountId: string; readonly query: StatementQuery; readonly bytes: Uint8Array },
    request: Request,
    response: Response,
  ) => Promise<{ readonly report: StatementReply } | { readonly refusal: StatementRefusal }>;
}

const params = z.strictObject({ id: z.uuid() });

/**
 * POST /bank-accounts/:id/statements: the body is the bank's file. Mounted at /api/admin, before bodies are taken for JSON. A file with
 * errors is refused with all of them; a dry run tells the same and writes nothing.
 */
export function statementRoutes({ requireStaff, demandBankAccount, take }: StatementPorts): Router {
  const router = Router();
  const bytes = express.raw({ type: () => true, limit: statementBytesMax, inflate: false });
  const mayTake: RequestHandler = async (request, response, next) => {
    const { id } = parseRequest(params, request.params);
    parseRequest(statementQuery, request.query);
    await demandBankAccount(staffIn(response), id.toLowerCase());
    next();
  };
  router.post("/bank-accounts/:id/statements", requireStaff, mayTake, bytes, async (request, response) => {
    const { id } = parseRequest(params, request.params);
    const query = parseRequest(statementQuery, request.query);
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const answer = await take({ bankAccountId: id.toLowerCase(), query, bytes: body }, request, response);
    if ("refusal" in answer) {
      const { status, code, message } = answer.refusal;
      throw new ProblemError(status, code, message);
    }
    response.status(answer.report.statementId === null ? 200 : 201).json(answer.report);
  });
  return router;
}

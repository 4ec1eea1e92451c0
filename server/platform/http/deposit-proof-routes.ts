import { type RequestHandler, Router } from "express";
import { z } from "zod";
import { attachmentQuery, type WireProof } from "#contracts/attachments-api.ts";
import type { TraderIdentity } from "#contracts/identity.ts";
import { fileBody, fileIn, refuseOtherFiles } from "./file-body.ts";
import { ProblemError, parseRequest } from "./problem.ts";
import { traderIn } from "./require.ts";

/** A no to a proof: status, code and sentence. */
export interface ProofProblem {
  readonly status: 404 | 409 | 413 | 422;
  readonly code: string;
  readonly message: string;
}

export interface DepositProofPorts {
  readonly requireTrader: RequestHandler;
  /** So many files of one trader, before one is read; behind requireTrader. What is refused for its form alone costs him nothing. */
  readonly limit: RequestHandler;
  readonly add: (
    trader: TraderIdentity,
    depositId: string,
    file: { readonly name: string; readonly bytes: Buffer },
  ) => Promise<{ readonly proof: WireProof } | { readonly refusal: ProofProblem }>;
}

const params = z.strictObject({ id: z.uuid() });
const words = {
  FILE_TOO_LARGE: "A file may have at most 5 MB.",
  FILE_TYPE_UNKNOWN: "Only PDF, PNG and JPEG files are taken.",
};

/** Refused before the body is read. */
const mayBeOne: RequestHandler = (request, _response, next) => {
  parseRequest(params, request.params);
  parseRequest(attachmentQuery, request.query);
  next();
};

/** POST /deposits/:id/proofs: the body is the file. Mounted at /api/trading, before bodies are taken for JSON. */
export function depositProofRoutes({ requireTrader, limit, add }: DepositProofPorts): Router {
  const router = Router();
  const [kinds, body] = [refuseOtherFiles((code) => words[code]), fileBody((code) => words[code])];
  router.post("/deposits/:id/proofs", requireTrader, mayBeOne, kinds, limit, body, async (request, response) => {
    const { id } = parseRequest(params, request.params);
    const { name } = parseRequest(attachmentQuery, request.query);
    const answer = await add(traderIn(response), id.toLowerCase(), { name, bytes: fileIn(request) });
    if ("refusal" in answer) {
      const { status, code, message } = answer.refusal;
      throw new ProblemError(status, code, message);
    }
    response.status(201).json({ proof: answer.proof });
  });
  return router;
}

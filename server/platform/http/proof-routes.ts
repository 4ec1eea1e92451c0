import { type Request, type RequestHandler, type Response, Router } from "express";
import { z } from "zod";
import type { StaffIdentity } from "#contracts/identity.ts";
import { blocksRequest, headsRequest } from "#contracts/proofs-api.ts";
import { ProblemError, parseRequest } from "./problem.ts";
import { staffIn, traderIn } from "./require.ts";

export interface ProofRoutePorts {
  readonly heads: (at: Date | null) => Promise<object>;
  /** Null: no such instrument. */
  readonly blocks: (instrument: string, fromBlock: bigint, limit: number) => Promise<readonly object[] | null>;
  /** Rate limit per client address, put before both routes. */
  readonly limit: RequestHandler;
}

/** Heads change when a block is sealed, a few times a minute. */
const headsCachedSeconds = 5;

/** GET /heads and /blocks, mounted at /api/proofs. Public: anybody may follow the chains and keep what he saw. */
export function proofRoutes(ports: ProofRoutePorts): Router {
  const router = Router();
  router.get("/heads", ports.limit, async (request: Request, response: Response) => {
    const { at } = parseRequest(headsRequest, request.query);
    const heads = await ports.heads(at === undefined ? null : new Date(at));
    response.set("Cache-Control", `public, max-age=${headsCachedSeconds}`).json(heads);
  });
  router.get("/blocks", ports.limit, async (request: Request, response: Response) => {
    const { instrument, fromBlock, limit } = parseRequest(blocksRequest, request.query);
    const blocks = await ports.blocks(instrument, BigInt(fromBlock), limit);
    if (blocks === null)
      throw new ProblemError(404, "UNKNOWN_INSTRUMENT", `There is no instrument ${instrument}.`, {
        errors: { instrument: "is not an instrument here" },
      });
    response.set("Cache-Control", `public, max-age=${headsCachedSeconds}`).json({ blocks });
  });
  return router;
}

type Answer = { readonly kind: "receipt"; readonly text: string } | { readonly kind: "unsealed" | "unknown" };

export interface ReceiptPorts {
  readonly ofTrader: (traderId: string, fillId: bigint) => Promise<Answer>;
}

export interface StaffReceiptPorts {
  readonly requireStaff: RequestHandler;
  /** Whether this person may see that fill; throws a problem when not. */
  readonly demandFill: (staff: StaffIdentity, fillId: string) => Promise<void>;
  readonly ofFill: (fillId: bigint) => Promise<Answer>;
}

const fillParams = z.strictObject({ id: z.string().regex(/^\d{1,18}$/, "must be the number of a fill") });

/** GET /fills/:id/receipt of the trader who is logged in. Mounted at /api/trading, behind requireTrader. */
export function receiptRoutes(ports: ReceiptPorts): Router {
  const router = Router();
  router.get("/fills/:id/receipt", async (request, response) => {
    const { id } = parseRequest(fillParams, request.params);
    send(response, id, await ports.ofTrader(traderIn(response).traderId, BigInt(id)));
  });
  return router;
}

/** GET /fills/:id/receipt for staff who may see the fill. Mounted at /api/admin. */
export function staffReceiptRoutes(ports: StaffReceiptPorts): Router {
  const router = Router();
  router.get("/fills/:id/receipt", ports.requireStaff, async (request: Request, response: Response) => {
    const { id } = parseRequest(fillParams, request.params);
    await ports.demandFill(staffIn(response), id);
    send(response, id, await ports.ofFill(BigInt(id)));
  });
  return router;
}

/** Blocks are sealed within a minute; asking much more often is of no use. */
const retryAfterSeconds = "10";

function send(response: Response, id: string, answer: Answer): void {
  if (answer.kind === "unknown") throw new ProblemError(404, "UNKNOWN_FILL", "You have no fill with this number.");
  if (answer.kind === "unsealed")
    throw new ProblemError(
      409,
      "NOT_SEALED_YET",
      "The quotes of this fill are sealed within a minute or two: ask again then.",
      { headers: { "Retry-After": retryAfterSeconds } },
    );
  if (!("text" in answer)) return;
  response.set({
    "Cache-Control": "no-store",
    "Content-Disposition": `attachment; filename="truewick-receipt-${id}.json"`,
  });
  // Its exact text is signed for: nothing may write it anew.
  response.type("application/json").send(answer.text);
}

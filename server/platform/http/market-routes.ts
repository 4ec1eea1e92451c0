import { type Request, type RequestHandler, type Response, Router } from "express";
import type { Interval } from "#contracts/names.ts";
import { type BarsReply, barsRequest, type WireInstrument } from "#contracts/trading-api.ts";
import { ProblemError, parseRequest } from "./problem.ts";

export interface MarketPorts {
  readonly instruments: () => readonly WireInstrument[];
  /** Null: no such instrument. */
  readonly bars: (query: {
    instrument: string;
    interval: Interval;
    from: Date | null;
    to: Date | null;
    limit: number;
  }) => Promise<BarsReply | null>;
  /** Rate limit per client address, put before both routes. */
  readonly limit: RequestHandler;
}

const barsDefault = 500;

/**
 * GET /instruments and /bars, mounted at /api/trading before whatever asks for a login. Both are public: they tell nothing about anybody, and the widget shows
 * its chart before a trader logs in. Hence the rate limit by address.
 */
export function marketRoutes(ports: MarketPorts): Router {
  const router = Router();
  router.get("/instruments", ports.limit, (_request: Request, response: Response) => {
    response.set("Cache-Control", "no-store").json({ instruments: ports.instruments() });
  });
  router.get("/bars", ports.limit, async (request: Request, response: Response) => {
    const asked = parseRequest(barsRequest, request.query);
    const { instrument, interval, limit = barsDefault } = asked;
    const from = asked.from === undefined ? null : new Date(asked.from);
    const to = asked.to === undefined ? null : new Date(asked.to);
    if (from !== null && to !== null && from >= to)
      throw new ProblemError(422, "INVALID_REQUEST", "The range is empty.", {
        errors: { to: "must be later than from" },
      });
    const reply = await ports.bars({ instrument, interval, from, to, limit });
    if (reply === null)
      throw new ProblemError(404, "UNKNOWN_INSTRUMENT", `There is no instrument ${instrument}.`, {
        errors: { instrument: "is not an instrument here" },
      });
    response.set("Cache-Control", "no-store").json(reply);
  });
  return router;
}

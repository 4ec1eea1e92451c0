import express, { type RequestHandler, type Response, type Router } from "express";
import { z } from "zod";
import { paymentChannels } from "#contracts/payment-names.ts";
import { parseRequest } from "./problem.ts";

export interface PaymentPorts {
  /** So many notices of one client address. */
  readonly limit: RequestHandler;
  /** What is answered to a channel's notice: its own words, in plain text. null: there is no such channel. */
  readonly notice: (
    at: { readonly channel: string; readonly tenantId: number },
    raw: { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string | string[] | undefined>> },
  ) => Promise<{ readonly isTaken: boolean; readonly text: string } | null>;
}

/** As many as are stored of a notice; a card network tells much. */
const bodyBytesMax = 64 * 1024;
const where = z.strictObject({
  channel: z.enum(paymentChannels),
  tenantId: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
});

/**
 * Where payment channels tell of payments. Mounted at /api/payments in front of the JSON parser: signatures are over the bytes as sent,
 * of whatever type. Nobody is logged in here; what a notice says is believed for its signature.
 */
export function paymentRoutes({ limit, notice }: PaymentPorts): Router {
  const router = express.Router();
  const bytes = express.raw({ type: () => true, limit: bodyBytesMax, inflate: false });
  router.post("/:channel/:tenantId/notice", limit, bytes, async (request, response) => {
    const at = parseRequest(where, request.params);
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const answer = await notice(at, { body, headers: request.headers });
    if (answer === null) return say(response, 404, "unknown");
    say(response, answer.isTaken ? 200 : 400, answer.text);
  });
  return router;
}

const say = (response: Response, status: number, text: string): void => {
  response.status(status).type("text/plain").send(text);
};

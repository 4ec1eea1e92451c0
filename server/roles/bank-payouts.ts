import type { RequestHandler, Router } from "express";
import { fileOfBatch, settlePayoutLines } from "../capabilities/withdrawals/index.ts";
import { payoutFileRoutes } from "../platform/http/payout-file-routes.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { type Repetition, repeat } from "../platform/queue/repeat.ts";
import { actorOf, demandReadable, type Resources } from "../resources/index.ts";
import { refusedAt } from "./back-office-refusals.ts";
import type { Shared } from "./shared.ts";

const settleEveryMs = 1_000;

/** The bank's file of a batch, for who may take batches out; each download is in the audit log. */
export function payoutFiles(
  { readDb, transact }: Pick<Shared, "readDb" | "transact">,
  resources: Resources,
  requireStaff: RequestHandler,
): Router {
  const demand = demandReadable(readDb, resources, "payout-batches", "export");
  return payoutFileRoutes({
    requireStaff,
    file: async (viewer, id, request, response) => {
      await demand(viewer, id);
      const found = await fileOfBatch(readDb, id);
      if (found === undefined) {
        const { code, says, status = 409 } = refusedAt("NOT_RELEASED").refusal;
        throw new ProblemError(status, code, says[viewer.locale === "zh-CN" ? 1 : 0]);
      }
      const sha256 = found.file_hash.toString("hex");
      await transact(actorOf(viewer, request, response), async ({ audit }) =>
        audit({
          ...{ action: "export", resource: "payout-batches", objectId: id, tenantId: found.tenant_id },
          after: { file: "pain001", sha256 },
        }),
      );
      return { bytes: found.file, sha256, savedAs: `truewick-payouts-${id}.xml` };
    },
  });
}

/** Lets what the banks' statements say of payouts take its effect. */
export function settlePayoutLinesJob({ transact, bus, log }: Shared): Repetition {
  const settle = settlePayoutLines({ transact, announce: (told) => bus.publish(told) }, (err, withdrawalId) =>
    log.error({ err, withdrawalId }, "a payout's statement line could not be settled"),
  );
  return repeat(settleEveryMs, async () => {
    await settle().catch((err: unknown) => log.error({ err }, "scheduler: settling payout lines failed"));
  });
}

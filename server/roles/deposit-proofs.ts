import type { Router } from "express";
import { addProof, type ProofRefusal } from "../capabilities/deposits/index.ts";
import {
  type DepositProofPorts,
  depositProofRoutes,
  type ProofProblem,
} from "../platform/http/deposit-proof-routes.ts";
import { limitWritesByTrader } from "../platform/http/limit.ts";
import { requireTrader } from "../platform/http/require.ts";
import { rateLimit } from "../platform/rate-limit.ts";
import type { Shared } from "./shared.ts";

/** For each trader: files are large, and few are needed. */
const budget = { points: 20, seconds: 600 };

/** Where traders add proofs of their bank transfers. */
export function depositProofs(shared: Pick<Shared, "identity" | "redis" | "transact" | "bus">): Router {
  return depositProofRoutes({
    requireTrader: requireTrader(shared.identity),
    limit: limitWritesByTrader(rateLimit({ redis: shared.redis, name: "truewick:proofs", ...budget })),
    add: openDepositProofs(shared),
  });
}

export function openDepositProofs({
  transact,
  bus,
}: Pick<Shared, "transact"> & { readonly bus: Pick<Shared["bus"], "publish"> }): DepositProofPorts["add"] {
  const add = addProof({ transact, announce: (told) => bus.publish(told) });
  return async (trader, depositId, file) => {
    const added = await add(trader, depositId, file);
    if (!added.ok) return { refusal: { code: added.refusal, ...problems[added.refusal] } };
    const { id, media_type: mediaType, size, added_at } = added.value;
    return { proof: { id, name: file.name, mediaType, size, addedAt: added_at.toISOString() } };
  };
}

const problems: Readonly<Record<ProofRefusal, Omit<ProofProblem, "code">>> = {
  UNKNOWN_DEPOSIT: { status: 404, message: "You have no deposit with this id." },
  NOT_A_TRANSFER: { status: 409, message: "Only a bank transfer takes a proof." },
  NOT_IN_THIS_STATE: { status: 409, message: "This deposit is not waited for any more." },
  FILE_EMPTY: { status: 422, message: "The file is empty." },
  FILE_TOO_LARGE: { status: 413, message: "A file may have at most 5 MB." },
  FILE_TYPE_UNKNOWN: { status: 422, message: "Only PDF, PNG and JPEG files are taken." },
  TOO_MANY_FILES: { status: 422, message: "A deposit takes at most five of your files." },
};

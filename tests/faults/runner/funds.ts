import type { Knex } from "knex";
import { minorUnits } from "#core/units.ts";
import { fundAccount } from "../../../server/capabilities/accounts/index.ts";
import { systemActor, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { type Deadline, persist } from "./client.ts";
import type { Journal } from "./journal.ts";
import { requestIdOf } from "./request-id.ts";

/** Money in and out of accounts by the back office's own command, over a wire that the nemesis may cut. */
export interface Funds {
  readonly move: (
    accountId: string,
    action: { readonly cents: number; readonly node: number; readonly givesUp: boolean },
    clientId: string,
  ) => Promise<void>;
}

export function openFunds(db: Knex, journal: Journal, deadline: Deadline): Funds {
  const fund = fundAccount({ transact: transactor(db), announce: () => {}, hashPassword: async () => "" });
  return {
    move: async (accountId, { cents, node, givesUp }, clientId) => {
      if (cents === 0) return;
      const entry = journal.open({ kind: "funding", accountId, clientId, what: `${cents} cents`, cents, givesUp });
      const send = async () => {
        const amount = minorUnits(BigInt(cents));
        const made = await fund(systemActor, { accountId, amount, reason: clientId, requestId: requestIdOf(clientId) });
        return made.ok ? { status: 200, body: {} } : { status: 422, body: { code: made.refusal } };
      };
      await persist(entry, send, { node, deadline });
    },
  };
}

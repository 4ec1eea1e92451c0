import type { Knex } from "knex";
import { settlesContract } from "#core/expiry.ts";
import { systemActor, type Transact } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import {
  accountsToExpire,
  type ContractRow,
  endedContracts,
  fenceDecisions,
  followingContract,
  holdContract,
  lastQuoteBeforeEnd,
  writeFinalQuote,
  writeRollQuote,
  writeSettled,
  writeWait,
} from "./contracts.store.ts";
import { type ExpireAccountsPorts, expireAccounts } from "./expire-accounts.ts";

export interface ExpiryPorts extends ExpireAccountsPorts {
  readonly db: Knex;
  readonly transact: Transact;
  readonly announce: (announcement: Announcement) => void;
  readonly onError: (error: unknown, accountId: string) => void;
  /** How long after its end a contract is settled: until then late-stored quotes and triggers of before arrive. */
  readonly graceMs?: number;
}

const usualGraceMs = 5_000;
/** Accounts settled in one transaction: bounds how many rows are locked at once. */
const accountsMax = 200;

/**
 * Settles contracts that have ended, step by step: the final quote, the quote of the next contract where positions roll, then the
 * accounts in batches, then the contract. Each step is one transaction that finds what is left to do, so it may be killed
 * anywhere, run twice, and run by two processes at once. What stands in the way is written on the contract, and tried
 * again at the next call. Returns how many contracts were settled.
 */
export async function expireContracts(ports: ExpiryPorts): Promise<number> {
  let settled = 0;
  const blocked = new Set<string>();
  for (const contract of await endedContracts(ports.db, ports.graceMs ?? usualGraceMs)) {
    // One after the other: an earlier contract of the instrument that waits holds up the later one.
    if (blocked.has(contract.instrument_id)) continue;
    if (await expireContract(ports, contract)) settled += 1;
    else blocked.add(contract.instrument_id);
  }
  return settled;
}

async function expireContract(ports: ExpiryPorts, contract: ContractRow): Promise<boolean> {
  if (!(await findFinalQuote(ports, contract))) return false;
  await ports.transact(systemActor, ({ db }) => fenceDecisions(db));
  if (!(await findRollQuote(ports, contract))) return false;
  if (!(await expireAll(ports, contract))) return waitFor(ports, contract, "failed-accounts");
  await ports.transact(systemActor, async (work) => {
    if (!(await writeSettled(work.db, contract.id))) return;
    work.audit({
      action: "settle",
      resource: "contracts",
      objectId: contract.id,
      tenantId: null,
      after: { state: "settled" },
    });
    work.afterCommit(() => ports.announce({ kind: "changed", resource: "contracts", id: contract.id }));
  });
  return true;
}

/** The quote that settles the contract, found once and kept. */
async function findFinalQuote(ports: ExpiryPorts, contract: ContractRow): Promise<boolean> {
  if (contract.final_quote_seq !== null) return true;
  const quote = await lastQuoteBeforeEnd(ports.db, contract.id);
  const rule = { lastTradeAt: contract.last_trade_at, maxAgeMs: contract.final_quote_max_age_s * 1000 };
  if (quote === null || !settlesContract({ ...quote, flag: null }, rule))
    return waitFor(ports, contract, "final-price");
  await ports.transact(systemActor, async (work) => {
    await writeFinalQuote(work.db, contract.id, quote);
    work.afterCommit(() => ports.announce({ kind: "changed", resource: "contracts", id: contract.id }));
  });
  return true;
}

/** The quote that positions are opened again at. With none to roll nothing is waited for. */
async function findRollQuote(ports: ExpiryPorts, contract: ContractRow): Promise<boolean> {
  const now = await ports.transact(systemActor, ({ db }) => holdContract(db, contract.id));
  if (now === null || now.expiry_action === "close" || now.roll_quote_seq !== null) return true;
  if ((await accountsToExpire(ports.db, contract, [], 1)).length === 0) return true;
  const next = await followingContract(ports.db, now.id);
  if (next === null) return waitFor(ports, contract, "next-contract");
  const { id, quote } = next;
  if (quote === null) return waitFor(ports, contract, "next-price");
  await ports.transact(systemActor, ({ db }) => writeRollQuote(db, contract.id, { id, quote }));
  return true;
}

async function waitFor(ports: ExpiryPorts, { id }: ContractRow, what: Parameters<typeof writeWait>[2]): Promise<false> {
  await ports.transact(systemActor, async (work) => {
    if (await writeWait(work.db, id, what))
      work.afterCommit(() => ports.announce({ kind: "changed", resource: "contracts", id }));
  });
  return false;
}

/** All accounts, in batches; one that fails is left aside, so that the others do not wait for it. False: some are left. */
async function expireAll(ports: ExpiryPorts, contract: ContractRow): Promise<boolean> {
  const failed: string[] = [];
  for (;;) {
    const ids = await accountsToExpire(ports.db, contract, failed, accountsMax);
    if (ids.length === 0) return failed.length === 0;
    const some = (accountIds: readonly string[]): Promise<boolean> =>
      ports.transact(systemActor, (work) => expireAccounts(ports, work, contract.id, accountIds));
    try {
      if (!(await some(ids))) return true;
    } catch {
      for (const id of ids)
        await some([id]).catch((error: unknown) => {
          failed.push(id);
          ports.onError(error, id);
        });
    }
  }
}

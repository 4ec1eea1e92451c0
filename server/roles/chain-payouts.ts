import type { RequestHandler, Router } from "express";
import { openAvailable } from "../capabilities/trading/index.ts";
import {
  followPayouts,
  type PayoutDeps,
  submitPayouts,
  unsignedPayout,
  type WalletCheck,
  walletCheck,
} from "../capabilities/withdrawals/index.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { unsignedPayoutRoutes } from "../platform/http/unsigned-payout-routes.ts";
import { probedGauges } from "../platform/metrics.ts";
import { type Repetition, repeat } from "../platform/queue/repeat.ts";
import { demandReadable, type Resources } from "../resources/index.ts";
import { refusedAt } from "./back-office-refusals.ts";
import { nameOfChain } from "./chains.ts";
import type { Shared } from "./shared.ts";

const payEveryMs = 3_000;
const checkEveryMs = 60_000;

const payoutDeps = ({ transact, bus, quotes, payments }: Shared): PayoutDeps => ({
  ...{ transact, announce: (told) => bus.publish(told), chains: payments.chains },
  availableOf: openAvailable({ latestTradable: (id) => quotes.latestTradable(id) }),
});

/** Measures the hot wallets; what it returns starts paying out: queue what is approved, send what is signed, follow what is sent. */
export function openChainPayouts(shared: Shared): () => Repetition[] {
  const { log, payments } = shared;
  const deps = payoutDeps(shared);
  const onError = (err: unknown, withdrawalId: string): void => log.error({ err, withdrawalId }, "a payout failed");
  const [submit, follow] = [submitPayouts(deps, onError), followPayouts(deps, onError)];
  const checks = new Map<string, WalletCheck>();
  measureWallets(shared, checks);
  const checkWallets = async (): Promise<void> => {
    for (const chain of payments.chains) {
      const [name, before] = [nameOfChain(chain), checks.get(nameOfChain(chain))];
      const check = await walletCheck(deps, chain);
      if (check === null) continue;
      checks.set(name, check);
      if (isShort(check) && (before === undefined || !isShort(before)))
        log.error(
          { chain: name, has: `${check.has}`, owes: `${check.owes}` },
          "a hot wallet has less than it is to pay",
        );
    }
  };
  const job = (restMs: number, run: () => Promise<unknown>): Repetition =>
    repeat(restMs, async () => {
      await run().catch((err: unknown) => log.error({ err }, "scheduler: paying out on chains failed"));
    });
  return () => [
    job(payEveryMs, async () => {
      await submit();
      await follow();
    }),
    job(checkEveryMs, checkWallets),
  ];
}

const isShort = ({ has, owes }: WalletCheck): boolean => has < owes;

function measureWallets({ metrics }: Shared, checks: ReadonlyMap<string, WalletCheck>): void {
  const gauge = (name: string, help: string, value: (check: WalletCheck) => number): void =>
    probedGauges(metrics, name, help, "chain", () => new Map([...checks].map(([name, check]) => [name, value(check)])));
  gauge("truewick_hot_wallet_short", "1 when a hot wallet has less than it is still to pay: an alarm.", (check) =>
    isShort(check) ? 1 : 0,
  );
  gauge("truewick_hot_wallet_minor", "What a hot wallet has, in minor units.", ({ has }) => Number(has));
  gauge("truewick_hot_wallet_owed_minor", "What a hot wallet is still to pay, in minor units.", ({ owes }) =>
    Number(owes),
  );
}

/** What a wallet elsewhere signs, for who may take withdrawals out. */
export function unsignedPayouts(
  { readDb, payments }: Pick<Shared, "readDb" | "payments">,
  resources: Resources,
  requireStaff: RequestHandler,
): Router {
  const demand = demandReadable(readDb, resources, "withdrawals", "export");
  return unsignedPayoutRoutes({
    requireStaff,
    unsigned: async (viewer, id) => {
      await demand(viewer, id);
      const found = await unsignedPayout(readDb, payments, id);
      if (found.ok) return found.value;
      const { code, says, status = 422 } = refusedAt(found.refusal).refusal;
      throw new ProblemError(status, code, says[viewer.locale === "zh-CN" ? 1 : 0]);
    },
  });
}

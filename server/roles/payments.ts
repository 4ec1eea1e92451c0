import { type DepositDeps, findChannel, settleDeposits, takeNotice } from "../capabilities/deposits/index.ts";
import { limitByAddress } from "../platform/http/limit.ts";
import { type PaymentPorts, paymentRoutes } from "../platform/http/payment-routes.ts";
import { type Repetition, repeat } from "../platform/queue/repeat.ts";
import { rateLimit } from "../platform/rate-limit.ts";
import type { Shared } from "./shared.ts";

/** For each client address: a channel that sends again and again what was stored is not turned away. */
const noticeBudget = { points: 600, seconds: 60 };
const settleEveryMs = 1_000;

export const depositDeps = ({
  transact,
  bus,
  clock,
  payments,
}: Pick<Shared, "transact" | "clock" | "payments"> & {
  readonly bus: Pick<Shared["bus"], "publish">;
}): DepositDeps => ({ transact, clock, announce: (told) => bus.publish(told), channels: payments.channels });

/** What arrives from payment channels, taken and answered in their own words. */
export function openNotices(deps: DepositDeps, log: Pick<Shared["log"], "warn">): PaymentPorts["notice"] {
  const take = takeNotice(deps);
  return async (at, raw) => {
    const channel = findChannel(deps, at);
    if (channel === undefined) return null;
    const taken = await take(channel, raw);
    if (!taken.ok) log.warn({ ...at, refusal: taken.refusal }, "a payment notice was refused");
    return { isTaken: taken.ok, text: taken.ok ? channel.answers.taken : channel.answers.refused };
  };
}

export const noticeRouter = (shared: Shared) =>
  paymentRoutes({
    limit: limitByAddress(rateLimit({ redis: shared.redis, name: "truewick:notices", ...noticeBudget })),
    notice: openNotices(depositDeps(shared), shared.log),
  });

/** Asks the channels about what is due, and lets it take its effect. */
export function settleDepositsJob(shared: Shared): Repetition {
  const { log } = shared;
  const settle = settleDeposits(depositDeps(shared), (err, depositId) =>
    log.error({ err, depositId }, "a deposit could not be settled"),
  );
  return repeat(settleEveryMs, async () => {
    await settle().catch((err: unknown) => log.error({ err }, "scheduler: settling deposits failed"));
  });
}

import { type KillMode, type KillScope, killScopes } from "#contracts/names.ts";

/** A switch that stops trading for somebody or everybody: who threw it, why, and how long it stood. */
export interface KillSwitch {
  readonly scope: KillScope;
  readonly mode: KillMode;
  /** The accounts it stops, of those asked about; null: all of them (scopes `all` and `instrument`). */
  readonly accounts: ReadonlySet<string> | null;
  /** Scope `instrument`; null: whatever the instrument. */
  readonly instrumentId: string | null;
  readonly reason: string;
  readonly thrownBy: string;
  readonly thrownAt: Date;
  /** Null while it is in force. */
  readonly liftedAt: Date | null;
}

/** A contract that trades no more, and no other has taken its place yet. */
export interface EndedContract {
  readonly instrumentId: string;
  readonly code: string;
  readonly lastTradeAt: Date;
}

/** What stops orders of one account in one instrument now; null: nothing does. */
export interface TradingStops {
  /** No order at all. */
  readonly halt: KillSwitch | null;
  /** Only what reduces. */
  readonly closeOnly: KillSwitch | null;
  readonly ended: EndedContract | null;
}

export interface StopTarget {
  readonly accountId: string;
  readonly instrumentId: string;
}

export const noStops: TradingStops = { halt: null, closeOnly: null, ended: null };

/**
 * What stops an account in an instrument. Of several switches the one with the widest scope is named, since it is the one that
 * concerns most people; among equals the first thrown.
 */
export function stopsOn(
  target: StopTarget,
  switches: readonly KillSwitch[],
  contracts: readonly EndedContract[],
): TradingStops {
  const standing = switches
    .filter((one) => one.liftedAt === null && concerns(one, target))
    .sort(
      (a, b) =>
        killScopes.indexOf(a.scope) - killScopes.indexOf(b.scope) || a.thrownAt.getTime() - b.thrownAt.getTime(),
    );
  return {
    halt: standing.find(({ mode }) => mode === "halt") ?? null,
    closeOnly: standing.find(({ mode }) => mode === "close-only") ?? null,
    ended: contracts.find(({ instrumentId }) => instrumentId === target.instrumentId) ?? null,
  };
}

/**
 * Whether a waiting order may be triggered by a quote received at `receivedAt`. A quote that came while a switch stood never
 * triggers what the switch stopped, also when it is looked at after the switch was lifted. Under close-only an order triggers
 * if it is reduce-only: what another order would do is known only at its fill. A contract's last quote is the one before
 * its end.
 */
export function mayTrigger(
  order: StopTarget & { readonly reduceOnly: boolean },
  receivedAt: Date,
  switches: readonly KillSwitch[],
  contracts: readonly EndedContract[],
): boolean {
  const at = receivedAt.getTime();
  const stopped = switches.some(
    (one) =>
      concerns(one, order) &&
      (one.mode === "halt" || !order.reduceOnly) &&
      one.thrownAt.getTime() <= at &&
      (one.liftedAt === null || at < one.liftedAt.getTime()),
  );
  const ended = contracts.some((one) => one.instrumentId === order.instrumentId && one.lastTradeAt.getTime() <= at);
  return !stopped && !ended;
}

const concerns = (one: KillSwitch, { accountId, instrumentId }: StopTarget): boolean =>
  (one.accounts === null || one.accounts.has(accountId)) &&
  (one.instrumentId === null || one.instrumentId === instrumentId);

/** A switch as a refused trader is told of it: "account: suspected takeover, by Ann, since 2026-11-22T21:00:00.000Z". */
export const describeSwitch = ({ scope, reason, thrownBy, thrownAt }: KillSwitch): string =>
  `${scope}: ${reason}, by ${thrownBy}, since ${thrownAt.toISOString()}`;

/** Where a stop came from, as checks name their source. */
export const switchSource = ({ scope }: KillSwitch): string => `kill-switch:${scope}`;

/** An ended contract as a refused trader is told of it. */
export const describeEnd = ({ code, lastTradeAt }: EndedContract): string =>
  `${code} traded until ${lastTradeAt.toISOString()}`;

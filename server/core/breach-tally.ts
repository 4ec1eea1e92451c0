import type { LossAction } from "#contracts/loss-names.ts";
import type { RiskSetting } from "#contracts/risk-names.ts";

/** A limit that an account is over, or would be. Figures are lots, counts, or minor units of its currency, by the setting. */
export interface PresentBreach {
  readonly accountId: string;
  readonly traderId: string;
  readonly tenantId: number;
  readonly currency: string;
  readonly currencyScale: number;
  readonly setting: RiskSetting;
  readonly instrumentId: string | null;
  readonly assetClass: string | null;
  readonly value: bigint;
  readonly limit: bigint;
  /** In force now; null: none is. */
  readonly before: bigint | null;
  readonly source: string;
  readonly version: number;
  /** The line that the limit comes from; null: another's, judged together with him. */
  readonly lineId: string | null;
  /** What a breach of a loss rule does. */
  readonly action: LossAction | null;
}

/** added: over a limit by the change only; standing: with it and without; relieved: only without it. */
export const breachKinds = ["added", "standing", "relieved"] as const;
export type BreachKind = (typeof breachKinds)[number];

export interface BreachCount {
  accounts: number;
  breaches: number;
}

export interface BreachTally {
  /** Of one account, all it has. */
  readonly add: (found: readonly { readonly kind: BreachKind; readonly breach: PresentBreach }[]) => void;
  readonly result: () => {
    readonly counts: Readonly<Record<BreachKind, BreachCount>>;
    /** The worst that are added. */
    readonly worst: readonly PresentBreach[];
  };
}

/** Counts breaches account by account, and keeps the worst `most` of those that are added: what it holds does not grow with the accounts. */
export function breachTally(most: number): BreachTally {
  const none = (): BreachCount => ({ accounts: 0, breaches: 0 });
  const counts = { added: none(), standing: none(), relieved: none() };
  let worst: PresentBreach[] = [];
  return {
    add: (found) => {
      for (const kind of breachKinds) {
        const breaches = found.filter((one) => one.kind === kind).length;
        if (breaches > 0) counts[kind].accounts += 1;
        counts[kind].breaches += breaches;
      }
      worst.push(...found.flatMap(({ kind, breach }) => (kind === "added" ? [breach] : [])));
      if (worst.length >= 2 * most) worst = worst.sort(worstFirst).slice(0, most);
    },
    result: () => ({ counts, worst: [...worst].sort(worstFirst).slice(0, most) }),
  };
}

/** By how much of the limit it is exceeded, per cent, cut; null: the limit is 0. */
export const percentOver = ({ value, limit }: Pick<PresentBreach, "value" | "limit">): bigint | null =>
  limit === 0n ? null : ((value - limit) * 100n) / limit;

/** A limit of nothing first, then by the share that it is exceeded by; by account, so that the order is always the same. */
function worstFirst(a: PresentBreach, b: PresentBreach): number {
  const [over, less] = [(a.value - a.limit) * b.limit, (b.value - b.limit) * a.limit];
  if ((a.limit === 0n) !== (b.limit === 0n)) return a.limit === 0n ? -1 : 1;
  if (over !== less) return over > less ? -1 : 1;
  return a.accountId < b.accountId ? -1 : a.accountId > b.accountId ? 1 : a.setting < b.setting ? -1 : 1;
}

import type { OrderRefusalCode } from "#contracts/order-names.ts";

/** What one trader, instrument or partner, or all together, would have had otherwise, in one currency. */
export interface Outcome {
  readonly id: string;
  readonly currency: string;
  /** Orders that were accepted and would be refused, and the reverse. */
  added: number;
  removed: number;
  /** Lots that were traded and would not be; negative: more would be. */
  lotsNotTraded: bigint;
  /** Minor units: what the traders would have had more (+) or less (-) than they had, before fees. Their loss avoided is the house's gain forgone. */
  lossAvoided: bigint;
  /** Minor units of fees that would not have been earned. */
  feesForgone: bigint;
}

export interface CodeOutcome {
  readonly code: OrderRefusalCode;
  added: number;
  removed: number;
}

export interface DayOutcome {
  /** UTC, YYYY-MM-DD. */
  readonly day: string;
  added: number;
  removed: number;
}

/** Of whom an outcome is told. */
export interface Of {
  readonly traderId: string;
  readonly tenantId: number;
  readonly instrumentId: string;
  readonly currency: string;
}

export interface WhatIfResult {
  /** Decisions that were played: accepted and refused. */
  readonly orders: number;
  /** How often a loss limit or profit trigger that is tried would have been reached; alerts not counted. */
  readonly breaches: number;
  readonly totals: readonly Outcome[];
  readonly byCode: readonly CodeOutcome[];
  readonly byDay: readonly DayOutcome[];
  readonly byTrader: readonly Outcome[];
  readonly byInstrument: readonly Outcome[];
  readonly byPartner: readonly Outcome[];
}

export interface Tally {
  readonly refused: (of: Of, at: number, code: OrderRefusalCode, kind: "added" | "removed") => void;
  readonly breached: () => void;
  readonly money: (of: Of, sums: Pick<Outcome, "lotsNotTraded" | "lossAvoided" | "feesForgone">) => void;
  /** The `most` of traders for whom most changes; of everything else all. */
  readonly result: (orders: number, most: number) => WhatIfResult;
}

/** Days of UTC. */
const dayMs = 86_400_000;

/** Sums outcomes; bounded by the traders, not by the orders. */
export function openTally(): Tally {
  const tables = { totals: table(), traders: table(), instruments: table(), partners: table() };
  const codes = new Map<OrderRefusalCode, CodeOutcome>();
  const days = new Map<number, DayOutcome>();
  let breaches = 0;
  const rowsOf = ({ traderId, tenantId, instrumentId, currency }: Of): Outcome[] => [
    tables.totals.at("all", currency),
    tables.traders.at(traderId, currency),
    tables.instruments.at(instrumentId, currency),
    tables.partners.at(`${tenantId}`, currency),
  ];
  return {
    refused: (of, at, code, kind) => {
      for (const row of rowsOf(of)) row[kind] += 1;
      const byCode = codes.get(code) ?? { code, added: 0, removed: 0 };
      byCode[kind] += 1;
      codes.set(code, byCode);
      const number = Math.floor(at / dayMs);
      const byDay = days.get(number) ?? { day: new Date(at).toISOString().slice(0, 10), added: 0, removed: 0 };
      byDay[kind] += 1;
      days.set(number, byDay);
    },
    breached: () => {
      breaches += 1;
    },
    money: (of, sums) => {
      if (sums.lotsNotTraded === 0n && sums.lossAvoided === 0n && sums.feesForgone === 0n) return;
      for (const row of rowsOf(of)) {
        row.lotsNotTraded += sums.lotsNotTraded;
        row.lossAvoided += sums.lossAvoided;
        row.feesForgone += sums.feesForgone;
      }
    },
    result: (orders, most) => ({
      orders,
      breaches,
      totals: tables.totals.rows(),
      byCode: [...codes.values()].sort((a, b) => b.added + b.removed - a.added - a.removed),
      byDay: [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1)),
      byTrader: tables.traders.rows().slice(0, most),
      byInstrument: tables.instruments.rows(),
      byPartner: tables.partners.rows(),
    }),
  };
}

function table(): { readonly at: (id: string, currency: string) => Outcome; readonly rows: () => Outcome[] } {
  const rows = new Map<string, Outcome>();
  return {
    at: (id, currency) => {
      const key = `${id} ${currency}`;
      const row = rows.get(key);
      if (row !== undefined) return row;
      const fresh = { id, currency, added: 0, removed: 0, lotsNotTraded: 0n, lossAvoided: 0n, feesForgone: 0n };
      rows.set(key, fresh);
      return fresh;
    },
    rows: () =>
      [...rows.values()].sort(
        (a, b) =>
          b.added + b.removed - a.added - a.removed || compared(magnitude(b), magnitude(a)) || (a.id < b.id ? -1 : 1),
      ),
  };
}

const magnitude = ({ lossAvoided }: Outcome): bigint => (lossAvoided < 0n ? -lossAvoided : lossAvoided);
const compared = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

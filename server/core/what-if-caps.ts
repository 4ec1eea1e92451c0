import type { Together } from "./risk-checks.ts";
import type { EffectiveSettings } from "./risk-table.ts";
import type { Whose } from "./what-if-events.ts";
import type { Leg, PlayedLine } from "./what-if-line.ts";

/** Lots of all played accounts of a partner, or of the house, in each instrument and book. */
export interface CapSums {
  /** Counts a line as it is now in place of what it was counted with before. */
  readonly count: (whose: Whose, line: PlayedLine) => void;
  /** Null where no cap of that kind is in force. */
  readonly of: (
    whose: Whose,
    instrumentId: string,
    kind: "partner" | "house",
    settings: EffectiveSettings,
  ) => Together | null;
}

export function capSums(): CapSums {
  const house: Sums = new Map();
  const partners: Sums = new Map();
  return {
    count: (whose, line) => {
      const { id } = line.instrument;
      const before = line.counted;
      const after = togetherOf(line.played);
      if (after.long === before.long && after.short === before.short) return;
      line.counted = after;
      for (const sum of [sumOf(house, whose.book, id), sumOf(partners, partnerOf(whose), id)]) {
        sum.long += after.long - before.long;
        sum.short += after.short - before.short;
      }
    },
    of: (whose, instrumentId, kind, settings) => {
      const { partnerMaxLots, partnerMaxExposure, houseMaxLots, houseMaxExposure } = settings;
      if (kind === "partner")
        return partnerMaxLots === undefined && partnerMaxExposure === undefined
          ? null
          : sumOf(partners, partnerOf(whose), instrumentId);
      return houseMaxLots === undefined && houseMaxExposure === undefined
        ? null
        : sumOf(house, whose.book, instrumentId);
    },
  };
}

interface Sum {
  long: bigint;
  short: bigint;
}

/** Whose -> instrument -> sum. */
type Sums = Map<string, Map<string, Sum>>;

function sumOf(sums: Sums, whose: string, instrumentId: string): Sum {
  const own = sums.get(whose) ?? new Map<string, Sum>();
  sums.set(whose, own);
  const sum = own.get(instrumentId) ?? { long: 0n, short: 0n };
  own.set(instrumentId, sum);
  return sum;
}

const partnerOf = ({ tenantId, book }: Whose): string => `${tenantId} ${book}`;

/** Positions and what may open, each side by itself: a waiting order is not trusted to reduce. */
const togetherOf = ({ lots: size, buys, sells }: Leg): Together => ({
  long: buys + (size > 0n ? size : 0n),
  short: sells + (size < 0n ? -size : 0n),
});

import type { AssetClass, Book, MarginStage } from "#contracts/names.ts";
import type { Position } from "./position.ts";
import type { MinorUnits } from "./units.ts";

/** What an account has at work in one instrument. */
export interface BookHolding {
  readonly instrumentId: string;
  readonly assetClass: AssetClass;
  readonly position: Position;
  readonly tickValue: MinorUnits;
  /** The margin line of the position and its waiting orders. */
  readonly required: MinorUnits;
  readonly working: number;
}

/** An account as the exposure desk sees it, without prices. */
export interface BookAccount {
  readonly accountId: string;
  readonly traderId: string;
  readonly tenantId: number;
  /** The agents above the trader, from the top of the tree down; empty: he is the partner's own. */
  readonly line: readonly string[];
  readonly book: Book;
  readonly currency: string;
  readonly currencyScale: number;
  readonly stage: MarginStage;
  /** Booked cash without what is held for withdrawals. */
  readonly balance: MinorUnits;
  /** Margin level, in per cent, below which it is stopped out. */
  readonly stopOut: bigint;
  readonly holdings: readonly BookHolding[];
}

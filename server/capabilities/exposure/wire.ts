import type { WireExposureRow, WireExposureSums, WireWorstAccount } from "#contracts/exposure.ts";
import type { ExposureRow, ExposureSums } from "#core/book-exposure.ts";
import { formatDecimal } from "#core/units.ts";
import type { WorstAccount } from "#core/worst-accounts.ts";
import { levelOf } from "./level.ts";

export const toWireSums = (sums: ExposureSums): WireExposureSums => {
  const { currency, scale, long, short, accounts, unpriced } = sums;
  return {
    ...{ currency, accounts, unpriced, workingOrders: sums.working },
    ...{ longLots: long.toString(), shortLots: short.toString() },
    ...{ netLots: (long - short).toString(), grossLots: (long + short).toString() },
    ...{ notional: formatDecimal(sums.notional, scale), grossNotional: formatDecimal(sums.gross, scale) },
    ...{ unrealized: formatDecimal(sums.unrealized, scale), margin: formatDecimal(sums.required, scale) },
  };
};

export const toWireRow = (row: ExposureRow): WireExposureRow => ({
  ...{ key: `${row.currency} ${row.group}`, group: row.group },
  ...toWireSums(row),
});

export function toWireWorst({ account, room, unrealized, ...level }: WorstAccount): WireWorstAccount {
  const { accountId, traderId, tenantId, currency, currencyScale: scale, stage } = account;
  const { equity, required, percent } = levelOf(level, scale);
  return {
    ...{ accountId, traderId, tenantId, currency, stage, equity, margin: required, level: percent },
    unrealized: formatDecimal(unrealized, scale),
    room: room === null ? null : formatDecimal(room, 2),
  };
}

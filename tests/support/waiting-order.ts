import { randomUUID } from "node:crypto";
import { mes } from "../core/trading-builders.ts";
import { acceptedId, anOrderRequest, type TestAccount, type TestDesk } from "./trading.ts";

/** A buy limit far below the market, written as acceptance writes it, beside one lot that the account has bought. */
export async function aWaitingOrder(house: TestDesk, account: TestAccount, instrument = "MES"): Promise<string> {
  await house.settler()([acceptedId(await house.desk.place(account.trader, anOrderRequest(account, { instrument })))]);
  const model = await house.db
    .app("orders")
    .where({ account_id: account.accountId, instrument_id: instrument })
    .first();
  const { seq: _seq, ...row } = model;
  const id = randomUUID();
  await house.db.app("orders").insert({
    ...row,
    id,
    client_order_id: id,
    type: "limit",
    limit_ticks: 16_000,
    state: "working",
    active_from_seq: row.quote_seq,
    checks: "[]",
    filled_lots: 0,
    average_fill_ticks: null,
    due_seq: null,
    due_at: null,
    done_at: null,
  });
  const { terms } = house.market.instruments.get(instrument) ?? mes;
  await house.db
    .app("positions")
    .where({ account_id: account.accountId, instrument_id: instrument })
    .increment("margin_minor", Number(terms.initialMargin + terms.feePerSide));
  return id;
}

import type { OrderAnswer } from "#contracts/trading-api.ts";
import { type ExpiryPorts, expireContracts } from "../../../server/capabilities/contracts/index.ts";
import { openCancelling, openSettlement } from "../../../server/capabilities/trading/index.ts";
import { type Transact, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { acceptedId, anOrderRequest, type TestAccount, type TestDesk } from "../../support/trading.ts";

/** The job over a test's desk, as one scheduler runs it; `transact` lets a test kill it between steps. */
export function expiryPorts(house: TestDesk, transact: Transact = transactor(house.db.app)): ExpiryPorts {
  const announce: ExpiryPorts["announce"] = (announcement) => void house.announced.push(announcement);
  return {
    db: house.db.app,
    transact,
    announce,
    settle: openSettlement({ announce, maxQueueMs: 600_000, shard: 0 }),
    cancelWorking: openCancelling({ announce }).cancelWorking,
    onError: (error) => {
      throw error;
    },
    graceMs: 0,
  };
}

export const expire = (house: TestDesk): Promise<number> => expireContracts(expiryPorts(house));

/** A stored quote, `seconds` from now, in ticks. */
export async function storeQuote(
  house: TestDesk,
  instrumentId: string,
  quote: { seq: number; bid: number; ask: number; seconds: number; flag?: string; last?: number },
): Promise<void> {
  const at = house.db.app.raw("clock_timestamp() + make_interval(secs => ?)", [quote.seconds]);
  await house.db.app("quotes").insert({
    instrument_id: instrumentId,
    seq: quote.seq,
    bid_ticks: quote.bid,
    ask_ticks: quote.ask,
    last_ticks: quote.last ?? null,
    venue_at: at,
    received_at: at,
    source: "simulated",
    flag: quote.flag ?? null,
  });
}

/** Lists a contract whose times are given in seconds from now. */
export async function listContract(
  house: TestDesk,
  contract: {
    instrumentId?: string;
    code: string;
    from: number;
    to: number;
    action?: "close" | "roll";
    maxAgeS?: number;
  },
): Promise<string> {
  const at = (seconds: number) => house.db.app.raw("clock_timestamp() + make_interval(secs => ?)", [seconds]);
  const [row] = await house.db
    .app("contracts")
    .insert({
      instrument_id: contract.instrumentId ?? "MES",
      code: contract.code,
      first_trade_at: at(contract.from),
      last_trade_at: at(contract.to),
      expiry_action: contract.action ?? "close",
      final_quote_max_age_s: contract.maxAgeS ?? 3600,
    })
    .returning("id");
  return row.id;
}

/** Moves a contract's end, as time would. */
export async function endContract(house: TestDesk, id: string, secondsAgo: number): Promise<void> {
  await house.db
    .app("contracts")
    .where({ id })
    .update({ last_trade_at: house.db.app.raw("clock_timestamp() - make_interval(secs => ?)", [secondsAgo]) });
}

export async function trade(
  house: TestDesk,
  account: TestAccount,
  side: "buy" | "sell",
  size: number,
  instrument = "MES",
): Promise<void> {
  const answer: OrderAnswer = await house.desk.place(
    account.trader,
    anOrderRequest(account, { side, lots: String(size), instrument }),
  );
  await house.settler()([acceptedId(answer)]);
}

export const positionOf = async (house: TestDesk, account: TestAccount, instrumentId = "MES") =>
  house.db
    .app("positions")
    .where({ account_id: account.accountId, instrument_id: instrumentId })
    .first("id", "lots", "cost_ticks", "margin_minor", "realized_pnl_minor");

export async function balanceOf(house: TestDesk, account: TestAccount): Promise<{ posted: bigint; held: bigint }> {
  const row = await house.db
    .app("balances as b")
    .join("accounts as a", "a.ledger_account_id", "b.ledger_account_id")
    .where("a.id", account.accountId)
    .first("b.posted", "b.held");
  return row;
}

/** Two accounts in a contract that ended 10 seconds ago with a last quote of 20,010 / 20,012: long 3 and short 2. */
export async function anEndedContract(
  house: TestDesk,
  { long, short }: { long: TestAccount; short: TestAccount },
  action: "close" | "roll" = "close",
): Promise<string> {
  const id = await listContract(house, { code: "MESZ6", from: -86_400, to: 3_600, action });
  await trade(house, long, "buy", 3);
  await trade(house, short, "sell", 2);
  await storeQuote(house, "MES", { seq: 101, bid: 20_010, ask: 20_012, seconds: -20 });
  await storeQuote(house, "MES", { seq: 102, bid: 1, ask: 2, seconds: -15, flag: "off-tick" });
  await storeQuote(house, "MES", { seq: 103, bid: 20_100, ask: 20_102, seconds: -5 });
  await endContract(house, id, 10);
  return id;
}

export const contractOf = (house: TestDesk, id: string) => house.db.app("admin_contracts").where({ id }).first();

export const fillsOf = (house: TestDesk, account: TestAccount) =>
  house.db
    .app("fills as f")
    .join("orders as o", "o.id", "f.order_id")
    .where("f.account_id", account.accountId)
    .orderBy("f.id")
    .select("o.origin", "f.side", "f.lots", "f.price_ticks", "f.fee_minor", "f.quote_seq");

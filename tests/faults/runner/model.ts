/**
 * An independent model of the books: what each account must hold, recomputed from what was asked and from the stored quotes. It
 * shares no arithmetic with the server; the rules are those of the contract: buy at the ask, sell at the bid, fee for each lot
 * and side, average cost, a share of the cost rounded half away from zero.
 */
export interface ModelOrder {
  readonly id: string;
  readonly account_id: string;
  readonly instrument_id: string;
  readonly side: "buy" | "sell";
  readonly type: string;
  readonly origin: string;
  readonly lots: bigint;
  readonly filled_lots: bigint;
  readonly state: string;
  readonly reduce_only: boolean;
  readonly quote_seq: bigint | null;
  readonly trigger_quote_seq: bigint | null;
  readonly limit_ticks: bigint | null;
  readonly stop_ticks: bigint | null;
  readonly active_from_seq: bigint | null;
  readonly stop_quote_seq: bigint | null;
  readonly due_seq: bigint | null;
  readonly cancel_code: string | null;
}

export interface ModelFill {
  readonly id: bigint;
  readonly order_id: string;
  readonly account_id: string;
  readonly instrument_id: string;
  readonly side: "buy" | "sell";
  readonly lots: bigint;
  readonly price_ticks: bigint;
  readonly quote_seq: bigint;
  readonly realized_pnl_minor: bigint;
  readonly fee_minor: bigint;
}

export interface ModelQuote {
  readonly seq: bigint;
  readonly bid_ticks: bigint;
  readonly ask_ticks: bigint;
  readonly flag: string | null;
}

export interface ModelTerms {
  readonly tick_value_minor: bigint;
  readonly fee_per_side_minor: bigint;
}

/** The result of an account's fills, in cents, and what is wrong with them. */
export interface Recomputed {
  readonly result: bigint;
  readonly lots: ReadonlyMap<string, bigint>;
  readonly wrong: readonly string[];
}

interface Line {
  lots: bigint;
  cost: bigint;
}

/** `fills` of one account in the order they were made. */
export function recompute(
  fills: readonly ModelFill[],
  orderOf: (id: string) => ModelOrder | undefined,
  quoteOf: (instrument: string, seq: bigint) => ModelQuote | undefined,
  termsOf: (instrument: string) => ModelTerms,
): Recomputed {
  const lines = new Map<string, Line>();
  const wrong: string[] = [];
  let result = 0n;
  for (const fill of fills) {
    const order = orderOf(fill.order_id);
    wrong.push(...priceFaults(fill, order, quoteOf(fill.instrument_id, fill.quote_seq)));
    const line = lines.get(fill.instrument_id) ?? { lots: 0n, cost: 0n };
    lines.set(fill.instrument_id, line);
    const terms = termsOf(fill.instrument_id);
    const realized =
      enter(line, fill.side === "buy" ? fill.lots : -fill.lots, fill.price_ticks) * terms.tick_value_minor;
    const fee = fill.lots * terms.fee_per_side_minor;
    if (realized !== fill.realized_pnl_minor)
      wrong.push(`fill ${fill.id} realised ${fill.realized_pnl_minor}, the model says ${realized}`);
    if (fee !== fill.fee_minor) wrong.push(`fill ${fill.id} has the fee ${fill.fee_minor}, the model says ${fee}`);
    result += realized - fee;
  }
  return { result, lots: new Map([...lines].map(([id, line]) => [id, line.lots])), wrong };
}

/** Enters signed lots at a price; gives the closed part's gain in ticks. */
function enter(line: Line, signedLots: bigint, price: bigint): bigint {
  const reduces = line.lots !== 0n && line.lots > 0n !== signedLots > 0n;
  let gained = 0n;
  let left = signedLots;
  if (reduces) {
    const held = line.lots < 0n ? -line.lots : line.lots;
    const wanted = signedLots < 0n ? -signedLots : signedLots;
    const closed = wanted < held ? wanted : held;
    const signedClosed = line.lots > 0n ? closed : -closed;
    const cost = halfAwayFromZero(line.cost * closed, held);
    gained = signedClosed * price - cost;
    line.lots -= signedClosed;
    line.cost -= cost;
    left += signedClosed;
  }
  line.lots += left;
  line.cost += left * price;
  return gained;
}

/** n / d for d > 0. */
function halfAwayFromZero(n: bigint, d: bigint): bigint {
  const magnitude = ((n < 0n ? -n : n) * 2n + d) / (2n * d);
  return n < 0n ? -magnitude : magnitude;
}

function priceFaults(fill: ModelFill, order: ModelOrder | undefined, quote: ModelQuote | undefined): string[] {
  const says = `fill ${fill.id} of order ${fill.order_id}`;
  if (order === undefined) return [`${says}: there is no such order`];
  if (quote === undefined) return [`${says}: its quote ${fill.quote_seq} is not stored`];
  const wrong: string[] = [];
  const price = fill.side === "buy" ? quote.ask_ticks : quote.bid_ticks;
  if (quote.flag !== null) wrong.push(`${says}: priced by a quote flagged ${quote.flag}`);
  if (price !== fill.price_ticks) wrong.push(`${says}: at ${fill.price_ticks}, its quote says ${price}`);
  if (fill.side !== order.side || fill.instrument_id !== order.instrument_id)
    wrong.push(`${says}: ${fill.side} ${fill.instrument_id}, ordered ${order.side} ${order.instrument_id}`);
  const due = order.trigger_quote_seq ?? order.quote_seq;
  if (due !== null && due !== fill.quote_seq) wrong.push(`${says}: filled at quote ${fill.quote_seq}, due at ${due}`);
  return wrong;
}

/** The first of the instrument's stored quotes that triggers a waiting order; null: none does. `quotes` in the order of seq. */
export function firstTrigger(order: ModelOrder, quotes: readonly ModelQuote[]): ModelQuote | null {
  if (order.active_from_seq === null) return null;
  // An amendment starts the search anew; a stop that was reached before it stays reached.
  const reachedAt = order.stop_quote_seq;
  let stopReached = order.stop_ticks === null || (reachedAt !== null && reachedAt <= order.active_from_seq);
  for (let at = after(quotes, order.active_from_seq); at < quotes.length; at++) {
    const quote = quotes[at];
    if (quote === undefined || quote.flag !== null) continue;
    const { bid_ticks: bid, ask_ticks: ask } = quote;
    const { stop_ticks: stop, limit_ticks: limit } = order;
    stopReached ||= stop !== null && (order.side === "buy" ? ask >= stop : bid <= stop);
    if (!stopReached) continue;
    if (limit === null || (order.side === "buy" ? ask <= limit : bid >= limit)) return quote;
  }
  return null;
}

/** The place of the first quote with a higher seq. */
function after(quotes: readonly ModelQuote[], seq: bigint): number {
  let [low, high] = [0, quotes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((quotes[middle]?.seq ?? 0n) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

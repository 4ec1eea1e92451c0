import type { OrderRefusalCode } from "#contracts/order-names.ts";
import { orderRefusalCodes } from "#contracts/order-names.ts";
import { project, splitOrder } from "#core/exposure.ts";
import type { Instrument } from "#core/instrument.ts";
import { noStops } from "#core/kill-switch.ts";
import type { OrderContext, OrderIntent } from "#core/order.ts";
import { moneyFor } from "#core/order-money.ts";
import { marketPrice, slippageLimit, waitsForPrice } from "#core/order-prices.ts";
import { signed, splitExecution } from "#core/position.ts";
import { closableBy } from "#core/reduce.ts";
import { riskChecks, type Together } from "#core/risk-checks.ts";
import { atMost } from "#core/risk-told.ts";
import { lots, minorUnits } from "#core/units.ts";
import type { WhatIfTable } from "#core/what-if.ts";
import type { PlayedEnd, PlayedEvent, PlayedFill, PlayedOrder, Whose } from "#core/what-if-events.ts";
import type { Quote } from "#core/what-if-line.ts";
import { exposureOf, has, heldOf, isHere, type Leg, type Line, lookedBack, togetherOf } from "./what-if-figures.ts";

/**
 * A play with nothing kept but what happened: every figure of every decision is worked out anew from all lines, all open orders and all orders taken before,
 * and every check is made. Told is each decision, `+` refused more and `-` no longer, and what each line came to.
 */
export function playNaively(table: WhatIfTable, events: readonly PlayedEvent[]): { told: string[]; lines: string[] } {
  const lines: Line[] = [];
  const taken: { whose: Whose; at: number; instrumentId: string; intent: OrderIntent }[] = [];
  const leftOut = new Set<string>();
  const quotes = new Map<string, Quote>();
  const told: string[] = [];
  const lineOf = (whose: Whose, instrument: Instrument): Line => {
    const found = lines.find((one) => one.whose.accountId === whose.accountId && one.instrument.id === instrument.id);
    if (found !== undefined) return found;
    const leg = (): Leg => ({ size: 0n, cash: 0n, fees: 0n, open: [] });
    const line: Line = {
      ...{ whose, instrument, recorded: leg(), played: leg(), notTraded: 0n },
      ...{ openedAt: null, lastHeld: null, houseClosed: null },
    };
    lines.push(line);
    return line;
  };
  const groupOf = ({ accountId }: Whose): string[] => [accountId, ...table.matesOf(accountId)];

  function refusalOf(event: PlayedOrder, line: Line, intent: OrderIntent, quote: Quote): OrderRefusalCode | null {
    const { marginPercent: _asMoney, ...settings } = table.settings(event.whose.traderId, event.instrument, event.at);
    const exposure = exposureOf(line.played, event.instrument);
    const order = { ...intent, waits: waitsForPrice(intent, quote) };
    const { opened } = splitOrder(exposure, order);
    if (opened === 0n) return null;
    const group = groupOf(event.whose);
    const { lastHeld } = line;
    const sumOf = (of: (one: Line) => boolean): Together =>
      togetherOf(lines.filter((one) => of(one) && isHere(one, line)));
    const recent = taken
      .filter(({ whose, at }) => group.includes(whose.accountId) && BigInt(event.at - at) < lookedBack(settings))
      .map(({ at, instrumentId, intent: { side, lots: size, type } }) => ({
        ...{ instrumentId, side, lots: size, type, ageMs: event.at - at },
      }));
    const lastMinute = recent.filter(({ ageMs }) => ageMs < 60_000).length;
    const none = minorUnits(0n);
    const context: OrderContext = {
      ...{
        instrument: event.instrument,
        sessionOpen: true,
        quote,
        quoteAgeMs: 0,
        now: new Date(event.at),
        stops: noStops,
      },
      ...{ accountState: "active", marginStage: "ok", exposure, settings },
      workingOrders: lines
        .filter(({ whose }) => whose.accountId === event.whose.accountId)
        .reduce((sum, { played }) => sum + played.open.length, 0),
      funds: { balance: none, equity: none, held: none, uncovered: none, unmarked: [] },
      risk: {
        others: lines
          .filter((one) => one !== line && group.includes(one.whose.accountId))
          .map((one) => heldOf(one, quotes.get(one.instrument.id))),
        flow: {
          lastMinute,
          recent,
          lastHeld:
            line.played.size === 0n && lastHeld !== null
              ? { heldMs: lastHeld.heldMs, openedMsAgo: event.at - lastHeld.openedAt }
              : null,
        },
        losses: () => [],
        partner: has(settings, "partnerMaxLots") ? sumOf((one) => one.whose.tenantId === event.whose.tenantId) : null,
        house: has(settings, "houseMaxLots") ? sumOf(() => true) : null,
      },
    };
    const { needed } = moneyFor(order, opened, exposure);
    const checks = [...riskChecks(intent, opened, needed, context), ...slippageLimit(intent, context)];
    const most = settings.maxLotsPerOrder;
    const all = [...checks, ...(most === undefined ? [] : [atMost("LOTS_MAX_ORDER", opened, most)])];
    const failed = all.filter(({ passed }) => !passed).map(({ code }) => code);
    return orderRefusalCodes.find((code) => failed.includes(code)) ?? null;
  }

  function order(event: PlayedOrder): void {
    const { whose, instrument, intent, quote, refused, orderId, at } = event;
    if (quote !== null) quotes.set(instrument.id, quote);
    if (refused?.isFixed === true || quote === null) return;
    const line = lineOf(whose, instrument);
    const waits = waitsForPrice(intent, quote);
    const { closed, opened } = splitOrder(exposureOf(line.recorded, instrument), { ...intent, waits });
    if (refused === null) line.recorded.open.push({ id: orderId, intent, waits, quote });
    const there = closableBy(intent.side, project(exposureOf(line.played, instrument)).position);
    const size = lots((closed < there ? closed : there) + opened);
    const code = size === 0n ? null : refusalOf(event, line, { ...intent, lots: size }, quote);
    if (code !== null && refused === null) {
      leftOut.add(orderId);
      told.push(`+ ${orderId} ${code}`);
    }
    if (code !== null) return;
    taken.push({ whose, at, instrumentId: instrument.id, intent });
    if (refused === null) line.played.open.push({ id: orderId, intent: { ...intent, lots: size }, waits, quote });
    else {
      told.push(`- ${orderId} ${refused.code}`);
      if (waits) return;
      line.notTraded -= size;
      fillPlayed(line, at, {
        side: intent.side,
        size,
        price: marketPrice(intent, quote),
        fee: size * instrument.terms.feePerSide,
      });
    }
  }

  function fill({ whose, instrument, orderId, quote, side, lots: size, price, fee, isHouse, at }: PlayedFill): void {
    quotes.set(instrument.id, quote);
    const line = lineOf(whose, instrument);
    const { recorded, played } = line;
    const was = splitExecution({ lots: lots(recorded.size), cost: 0n }, side, size);
    execute(recorded, { side, size, price, fee });
    for (const leg of [recorded, played]) leg.open = leg.open.filter(({ id }) => id !== orderId);
    line.notTraded += size;
    if (leftOut.delete(orderId)) return;
    const there = closableBy(side, { lots: lots(played.size), cost: 0n });
    const closes = was.closed < there ? was.closed : there;
    const again = line.houseClosed?.id === orderId ? line.houseClosed.lots : 0n;
    const opens = isHouse && again < was.opened ? again : was.opened;
    if (isHouse && closes > 0n) line.houseClosed = { id: orderId, lots: closes };
    line.notTraded -= closes + opens;
    fillPlayed(line, at, { side, size: closes + opens, price, fee: (fee * (closes + opens)) / size });
  }

  function end({ whose, instrument, orderId }: PlayedEnd): void {
    const { recorded, played } = lineOf(whose, instrument);
    leftOut.delete(orderId);
    for (const leg of [recorded, played]) leg.open = leg.open.filter(({ id }) => id !== orderId);
  }

  for (const event of events)
    if (event.kind === "order") order(event);
    else if (event.kind === "fill") fill(event);
    else end(event);
  return {
    told,
    lines: lines.map(({ whose, instrument, recorded, played, notTraded }) => {
      const quote = quotes.get(instrument.id);
      const worth = ({ size, cash }: Leg): bigint =>
        (cash + size * ((size > 0n ? quote?.bid : quote?.ask) ?? 0n)) * instrument.terms.tickValue;
      return `${whose.accountId} ${instrument.id} ${worth(played) - worth(recorded)} ${recorded.fees - played.fees} ${notTraded}`;
    }),
  };
}

interface Executed {
  readonly side: OrderIntent["side"];
  readonly size: bigint;
  readonly price: bigint;
  readonly fee: bigint;
}

function execute(leg: Leg, { side, size, price, fee }: Executed): void {
  const moved = signed(side, lots(size));
  leg.size += moved;
  leg.cash -= moved * price;
  leg.fees += fee;
}

function fillPlayed(line: Line, at: number, executed: Executed): void {
  if (executed.size === 0n) return;
  const before = line.played.size;
  execute(line.played, executed);
  const after = line.played.size;
  const isClosed = before !== 0n && before * after <= 0n;
  if (isClosed && line.openedAt !== null) line.lastHeld = { openedAt: line.openedAt, heldMs: at - line.openedAt };
  if (after === 0n) line.openedAt = null;
  else if (before === 0n || isClosed) line.openedAt = at;
}

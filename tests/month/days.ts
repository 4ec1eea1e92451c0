import { expect } from "@jest/globals";
import { killings } from "../capabilities/day-close/support.ts";
import { killed } from "../faults/order-flow.ts";
import { bankDay, matchByHand, payToBank } from "./bank-stories.ts";
import { cardStories } from "./card-stories.ts";
import { chainStories, payOnChain } from "./chain-stories.ts";
import { closeByThree, closeKilled, closeWell, paidOn, stepsDone } from "./close-stories.ts";
import { filesOf } from "./closed-files.ts";
import { gatewayStories } from "./gateway-stories.ts";
import type { Month, Person } from "./house.ts";
import { adjust, changeRates, findSelf, holdLargest, letGo, moveLine, takeCommissionsBack } from "./office-stories.ts";
import { markPrices, placeOne, settled, tradeRounds } from "./trading-day.ts";
import { payOnTron, tronStories } from "./tron-stories.ts";
import { type BankEnding, flood, payByBank } from "./withdrawal-stories.ts";

/** March 2027; on the 14th Chicago's clocks go forward. */
export const bookDates: readonly string[] = Array.from(
  { length: 31 },
  (_day, at) => new Date(Date.UTC(2027, 2, at + 1)),
)
  .filter((day) => day.getUTCDay() % 6 !== 0)
  .map((day) => day.toISOString().slice(0, 10));

const before = (day: string): string => {
  const moment = new Date(`${day}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() - 1);
  return moment.toISOString().slice(0, 10);
};

export interface Day {
  /** Of the month's book dates, from 0. */
  readonly number: number;
  readonly rounds: number;
  /** Hashes of each date's files as they were made when it had been closed. */
  readonly files: Map<string, Record<string, string>>;
}

const endings: readonly BankEnding[] = ["confirmed", "returned", "rejected", "cancelled"];

/** A book date from five in the evening to the close of it, at which the date before is paid out to agents. */
export async function liveDay(month: Month, day: Day): Promise<void> {
  const date = bookDates[day.number] ?? "";
  expect(await month.clock.today()).toBe(date);
  if (day.number === 0) await payEverybodyIn(month);
  await moneyComes(month, day);
  await tradeRounds(month, day.rounds);
  await month.clock.set(`${date} 11:50`);
  const previous = bookDates[day.number - 1];
  await closeWell(month);
  if (previous !== undefined) expect(await paidOn(month, previous)).toEqual([]);
  await moneyGoes(month, day);
  await officeWorks(month, day);
  await tradeRounds(month, day.rounds);
  await month.clock.set(`${date} 12:05`);
  await closeWell(month);
  if (previous !== undefined) expect([previous, await paidOn(month, previous)]).toEqual([previous, [date]]);
  await workersFail(month, day);
  await tradeRounds(month, day.rounds);
  await bankDay(month, date, day.number % 4 === 1);
  await markPrices(month, date);
  await endOf(month, day, date);
  if (day.number === bookDates.length - 1) await payTheLast(month, date);
}

/** The first deposits, by every channel. */
async function payEverybodyIn(month: Month): Promise<void> {
  for (const [at, person] of month.people.entries()) {
    if (person.currency === "USDT") await chainStories.plain(month, person, 2_000_000_000n);
    else if (at % 3 === 0) await gatewayStories.plain(month, person, "3000.00");
    else if (at % 3 === 1) await cardStories.plain(month, person, "2500.00");
    else await payToBank(month, person, 400_000n);
  }
  await bankDay(month, bookDates[0] ?? "", true);
}

/** Each date has a story of each channel: all of them come up, some more than once. */
async function moneyComes(month: Month, { number }: Day): Promise<void> {
  const inDollars = month.people.filter(({ currency }) => currency === "USD");
  const inTether = month.people.filter(({ currency }) => currency === "USDT");
  const next = <Item>(of: Record<string, Item>): Item => Object.values(of)[number % Object.keys(of).length] as Item;
  const amount = (): string => `${60 + Math.floor(month.random.uniform() * 900)}.00`;
  await next(gatewayStories)(month, month.one(inDollars), amount());
  await next(cardStories)(month, month.one(inDollars), amount());
  await next(chainStories)(month, month.one(inTether), BigInt(20 + number) * 1_000_000n);
  await next(tronStories)(month, month.one(inTether), BigInt(30 + number) * 1_000_000n);
  await payToBank(month, month.one(inDollars), 10_000n + BigInt(number));
  if (number % 5 !== 3) return;
  const [unnamed, cents] = [month.one(inDollars), 77_000n + BigInt(number) * 5_000n];
  await payToBank(month, unnamed, cents, false);
  await bankDay(month, bookDates[number] ?? "", false);
  await matchByHand(month, unnamed, cents);
}

async function moneyGoes(month: Month, { number }: Day): Promise<void> {
  const rich = await richest(month, "USD");
  await payByBank(month, rich, 9_000n, endings[number % 4] ?? "confirmed");
  await payByBank(month, rich, 60_000n, endings[(number + 1) % 4] ?? "confirmed");
  await payOnChain(month, await richest(month, "USDT"), 15_000_000n + BigInt(number), number % 3 === 1);
  await payOnTron(month, await richest(month, "USDT"), 12_000_000n + BigInt(number), number % 3 === 2);
  if (number === 8 || number === 17) await flood(month);
}

async function richest(month: Month, currency: Person["currency"]): Promise<Person> {
  const own = month.people.filter((person) => person.currency === currency);
  const money = await Promise.all(own.map((person) => month.available(person)));
  const most = money.reduce((best, one) => (one > best ? one : best));
  return own[money.indexOf(most)] as Person;
}

async function officeWorks(month: Month, { number }: Day): Promise<void> {
  const rich = await richest(month, "USD");
  await adjust(month, rich, number % 2 === 0 ? -1_234n : 555n);
  if (number === 3 || number === 12) await changeRates(month);
  if (number === 6) await moveLine(month);
  if (number === 9) await findSelf(month);
  if (number === 10 || number === 15) month.heldSince.set(number, await holdLargest(month));
  if (number === 13 || number === 18) await letGo(month, month.heldSince.get(number - 3) ?? "");
  if (number === 11 || number === 19) await takeCommissionsBack(month, 12);
}

/** Workers die with orders on their hands, jobs come twice, and one that is an hour behind takes the place of one an hour ahead. */
async function workersFail(month: Month, { number }: Day): Promise<void> {
  const { flow, workers, people } = month;
  if (number % 6 !== 4) return;
  const ids = await Promise.all(people.map((person) => placeOne(month, person)));
  await killed(workers.ahead.process);
  await flow.again(ids.filter((id) => id !== null));
  workers.ahead = await flow.startWorker({ clockOffMs: number % 12 === 4 ? -3_600_000 : 3_600_000 });
  await settled(month, ids);
}

/** Over the end of the date, in the midst of trading on some, and through its close. */
async function endOf(month: Month, { number, rounds, files }: Day, date: string): Promise<void> {
  const trading = number % 5 === 2 ? tradeRounds(month, 3 + rounds) : Promise.resolve();
  const next = bookDates[number + 1] ?? "2027-04-01";
  await month.clock.set(`${before(next)} 17:05`);
  await Promise.all([trading, closeAsPlanned(month, number)]);
  expect((await stepsDone(month, date)).at(-1)).toBe("commissions");
  files.set(date, await filesOf(month, date));
}

/** By one process; by three at once; or killed at every transaction in turn, in each of four ways. */
async function closeAsPlanned(month: Month, number: number): Promise<void> {
  const killing = killings[Math.floor(number / 4) % killings.length];
  if (number % 4 === 1) await closeByThree(month);
  else if (number % 4 === 2 && killing !== undefined)
    expect((await closeKilled(month, killing)).killed).toBeGreaterThan(3);
  else await closeWell(month);
}

/** The last date's agents are paid on the first date of April. */
async function payTheLast(month: Month, date: string): Promise<void> {
  await month.clock.set("2027-04-01 12:05");
  expect(await closeWell(month)).toContain(`${date} closed`);
  expect(await paidOn(month, date)).toEqual(["2027-04-01"]);
}

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type ComparedPayment, compareSides, type SidedPayment, totalsOf } from "#core/reconcile.ts";
import { type Difference, followTask, type StandingTask } from "#core/reconciliation-task.ts";
import { minorUnits } from "#core/units.ts";

const side = (payment: string, amount: bigint, since = "2026-11-02", currency = "USD"): SidedPayment => ({
  ...{ currency, payment, since, amount: minorUnits(amount) },
});
const listed = (compared: readonly ComparedPayment[]) =>
  compared.map(({ payment, foundIn }) => `${payment} ${foundIn}`);

test("each payment is in one list: matched, differs, only ours, only theirs", () => {
  const ours = [side("a", 500n), side("b", 100n), side("c", -70n)];
  const theirs = [side("a", 500n), side("b", 99n), side("d", -30n)];
  expect(listed(compareSides(ours, theirs))).toEqual(["a matched", "b differs", "c only-ours", "d only-theirs"]);
});

test("one number in two currencies is two payments", () => {
  const found = compareSides([side("a", 5n)], [side("a", 5n, "2026-11-02", "EUR")]);
  expect(found.map(({ currency, foundIn }) => [currency, foundIn])).toEqual([
    ["EUR", "only-theirs"],
    ["USD", "only-ours"],
  ]);
});

test("what came and went again is in no list, and opposite signs never match", () => {
  expect(compareSides([side("a", 5n), side("a", -5n)], [side("a", 0n)])).toEqual([]);
  expect(listed(compareSides([side("b", 5n)], [side("b", -5n)]))).toEqual(["b differs"]);
});

test("a difference is as old as the side that saw it first", () => {
  const [one] = compareSides([side("a", 5n, "2026-11-04")], [side("a", 4n, "2026-11-03")]);
  expect(one?.since).toBe("2026-11-03");
});

test("a list's total has the count and both sides' sums", () => {
  const compared = compareSides([side("a", 500n), side("b", 100n)], [side("a", 500n), side("b", 99n), side("d", -30n)]);
  expect(totalsOf(compared)).toEqual({
    matched: { count: 1, ours: 500n, theirs: 500n },
    differs: { count: 1, ours: 100n, theirs: 99n },
    "only-ours": { count: 0, ours: 0n, theirs: 0n },
    "only-theirs": { count: 1, ours: 0n, theirs: -30n },
  });
});

const anySide = fc.array(
  fc
    .record({
      payment: fc.constantFrom("a", "b", "c", "d", "e"),
      amount: fc.bigInt({ min: -3n, max: 3n }),
      since: fc.constantFrom("2026-11-02", "2026-11-03", "2026-11-04"),
      currency: fc.constantFrom("USD", "EUR"),
    })
    .map((one) => ({ ...one, amount: minorUnits(one.amount) })),
  { maxLength: 12 },
);

/** The join as a person would do it: every pair of names looked up in both lists. */
function naiveJoin(ours: readonly SidedPayment[], theirs: readonly SidedPayment[]): string[] {
  const found: string[] = [];
  for (const currency of ["EUR", "USD"])
    for (const payment of ["a", "b", "c", "d", "e"]) {
      const of = (list: readonly SidedPayment[]) =>
        list.filter((one) => one.currency === currency && one.payment === payment);
      const sum = (list: readonly SidedPayment[]) => of(list).reduce((total, { amount }) => total + amount, 0n);
      const [our, their] = [sum(ours), sum(theirs)];
      if (our === 0n && their === 0n) continue;
      const list = our === their ? "matched" : their === 0n ? "only-ours" : our === 0n ? "only-theirs" : "differs";
      const since = [...of(ours), ...of(theirs)].map((one) => one.since).sort()[0];
      found.push(`${currency} ${payment} ${list} ${our} ${their} ${since}`);
    }
  return found.sort();
}

test("the join is that of a naive one, and its totals are the sides' sums", () => {
  fc.assert(
    fc.property(anySide, anySide, (ours, theirs) => {
      const compared = compareSides(ours, theirs);
      const told = compared.map((one) =>
        [one.currency, one.payment, one.foundIn, one.ours, one.theirs, one.since].join(" "),
      );
      expect(told.sort()).toEqual(naiveJoin(ours, theirs));
      const totals = Object.values(totalsOf(compared));
      const sum = (list: readonly { amount: bigint }[]) => list.reduce((total, { amount }) => total + amount, 0n);
      expect(totals.reduce((total, one) => total + one.ours, 0n)).toBe(sum(ours));
      expect(totals.reduce((total, one) => total + one.theirs, 0n)).toBe(sum(theirs));
    }),
  );
});

const difference = (ours: bigint, theirs: bigint): Difference => ({
  ...{ ours: minorUnits(ours), theirs: minorUnits(theirs) },
  foundIn: ours === theirs ? "matched" : theirs === 0n ? "only-ours" : ours === 0n ? "only-theirs" : "differs",
});
const task = (state: StandingTask["state"], changes: Partial<StandingTask> = {}): StandingTask => ({
  ...{ ...difference(5n, 0n), state, isEven: false, ...changes },
});

test("a difference becomes a task once, and follows its amounts while it is worked on", () => {
  expect(followTask(null, difference(5n, 0n))).toBe("open");
  expect(followTask(task("open"), difference(5n, 0n))).toBe("none");
  expect(followTask(task("claimed"), difference(5n, 4n))).toBe("change");
});

test("a difference that is gone ends its task, and comes back as work", () => {
  expect(followTask(task("claimed"), null)).toBe("even");
  expect(followTask(task("matched", { isEven: true }), difference(5n, 5n))).toBe("none");
  expect(followTask(task("matched", { isEven: true }), difference(5n, 0n))).toBe("reopen");
  expect(followTask(null, null)).toBe("none");
});

test("what a person resolved stays resolved with the amounts he saw, not with others, and not when it comes back", () => {
  expect(followTask(task("resolved"), difference(5n, 0n))).toBe("none");
  expect(followTask(task("resolved"), difference(6n, 0n))).toBe("reopen");
  expect(followTask(task("resolved"), null)).toBe("even");
  expect(followTask(task("resolved", { isEven: true }), difference(5n, 0n))).toBe("reopen");
});

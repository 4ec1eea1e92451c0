import { expect, test } from "@jest/globals";
import { type HistoryPage, HistoryRows, type ReadHistory } from "../../widget/controllers/history-rows.ts";

interface Row {
  readonly id: string;
}
const rowsOf = (letters: string): readonly Row[] => [...letters].map((id) => ({ id }));
const page = (letters: string, next: string | null): HistoryPage<Row> => ({ rows: rowsOf(letters), next });

/** A history whose newest page is given by hand, and whose other pages are answered by `read`. */
function aHistory(read: ReadHistory<Row>) {
  let newest: HistoryPage<Row> | null = null;
  const host = { addController() {}, removeController() {}, requestUpdate() {}, updateComplete: Promise.resolve(true) };
  const history = new HistoryRows<Row>(host, () => newest, read);
  return {
    history,
    comes: (given: HistoryPage<Row>): void => {
      newest = given;
      history.hostUpdate();
    },
    shown: (): string | undefined => history.rows?.map(({ id }) => id).join(""),
  };
}
const none: ReadHistory<Row> = () => Promise.reject(new Error("nothing was to be read"));

test("older rows stay below the newest page, also those that a new row pushes out of it", async () => {
  const { history, comes, shown } = aHistory(async ({ after }) => (after === "d" ? page("cb", "b") : page("a", null)));
  comes(page("fed", "d"));
  await history.more();
  expect([shown(), history.next]).toEqual(["fedcb", "b"]);
  comes(page("gfe", "e"));
  expect([shown(), history.next]).toEqual(["gfedcb", "b"]);
  await history.more();
  expect([shown(), history.next]).toEqual(["gfedcba", null]);
});

test("more new rows than a page has begin the history anew: nothing is left out between two pages", async () => {
  const { history, comes, shown } = aHistory(async () => page("cb", null));
  comes(page("fed", "d"));
  await history.more();
  comes(page("jih", "h"));
  expect([shown(), history.next]).toEqual(["jih", "h"]);
});

test("pressed twice at once, a page is read once", async () => {
  let reads = 0;
  const { history, comes, shown } = aHistory(async () => {
    reads += 1;
    return page("cb", null);
  });
  comes(page("fed", "d"));
  await Promise.all([history.more(), history.more()]);
  expect([reads, shown()]).toEqual([1, "fedcb"]);
});

test("what is shown stays when an older page can't be read", async () => {
  const { history, comes, shown } = aHistory(none);
  comes(page("fed", "d"));
  await history.more();
  expect([shown(), history.next, history.isBroken, history.isReading]).toEqual(["fed", "d", true, false]);
});

test("an answer about states that are not chosen any more changes nothing", async () => {
  const answers = new Map<string, (given: HistoryPage<Row>) => void>();
  const { history, comes, shown } = aHistory(({ states }) => new Promise((answer) => answers.set(states, answer)));
  comes(page("fed", null));
  history.choose("sent");
  history.choose("approved");
  answers.get("approved")?.(page("f", null));
  answers.get("sent")?.(page("e", null));
  await new Promise(setImmediate);
  expect(shown()).toBe("f");
  history.choose("");
  expect(shown()).toBe("fed");
});

test("those of a state are read anew whenever the newest page is", async () => {
  let state = "fe";
  const { history, comes, shown } = aHistory(async () => page(state, null));
  comes(page("fed", null));
  history.choose("sent");
  await new Promise(setImmediate);
  expect(shown()).toBe("fe");
  state = "e";
  comes(page("fed", null));
  await new Promise(setImmediate);
  expect(shown()).toBe("e");
});

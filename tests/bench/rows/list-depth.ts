import { countRows, type DeepPages, deepPages, loadResources, type Resource } from "../../../server/resources/index.ts";
import { aStaff } from "../../resources/support/world.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { aBook, aCashAccount } from "../../support/ledger.ts";
import { absoluteRow, type Benchmark, median, type Row, seeded } from "../row.ts";

const rows = Number(process.env.BENCH_LIST_ROWS ?? 5_000_000);
const rowsAtOnce = 250_000;
const pageRows = 50;
const looks = 25;
const targetTimes = 5;
const baselineTimes = 50;

/** Pages of the journal, each with its total, at any depth: against the first page, and against count(*) and OFFSET four fifths down. */
export const listDepth: Benchmark = {
  rows: ["list-depth", "list-depth-offset"],
  run: async ({ say, seed }) => {
    const db = await testDatabase();
    try {
      await fill(db, say);
      const transfers = (await loadResources()).get("transfers");
      if (transfers === undefined) throw new Error("there is no resource transfers");
      return await measure(db, transfers, { say, random: seeded(seed) });
    } finally {
      await db.drop();
    }
  },
};

async function fill(db: TestDatabase, say: (line: string) => void): Promise<void> {
  const book = await aBook(db.app);
  const from = await aCashAccount(db.app, book, 10_000_000_000n);
  for (let done = 0; done < rows; done += rowsAtOnce)
    await db.owner.raw(
      `INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg)
       SELECT ?, 'live', 'USD', ?, ?, 1 + n % 500, 3, gen_random_uuid(), 0 FROM generate_series(1, ?::int) n`,
      [book.tenantId, `${from}`, `${book.house.fee}`, Math.min(rowsAtOnce, rows - done)],
    );
  await db.owner.raw("VACUUM ANALYZE transfers");
  say(`${rows} transfers`);
}

interface With {
  readonly say: (line: string) => void;
  readonly random: () => number;
}

async function measure(db: TestDatabase, resource: Resource, { say, random }: With): Promise<Row[]> {
  const timed = async (first: number, pages: DeepPages = deepPages()): Promise<number> => {
    const begun = performance.now();
    const sort = {
      column: resource.columns.get(resource.declaration.sort[0]) ?? resource.id,
      direction: "DESC" as const,
    };
    const of = { db: db.app, resource, staff, request: { conditions: [], sort, first, rows: pageRows, byIds: false } };
    const found = await pages(of, await countRows(db.app, resource, staff, []));
    if (found === null || found.length === 0) throw new Error(`no page at ${first}`);
    return performance.now() - begun;
  };
  const many = async (firstOf: () => number): Promise<number> => {
    const all: number[] = [];
    for (let look = 0; look < looks; look++) all.push(await timed(firstOf()));
    return median(all);
  };
  await many(() => 0);
  const first = await many(() => 0);
  const jumps = await many(() => Math.floor(random() * (rows - pageRows - 10_000)) + 10_000);
  const end = await many(() => rows - 10 * pageRows);
  const pages = deepPages();
  const from = Math.floor(rows * 0.6);
  await timed(from, pages);
  const walked: number[] = [];
  for (let look = 1; look <= looks; look++) walked.push(await timed(from + look * pageRows, pages));
  const offset = await byOffset(db, resource, Math.floor(rows * 0.8));
  const worst = Math.max(jumps, end, median(walked));
  const told = `first page ${first.toFixed(1)} ms, a jump ${jumps.toFixed(1)}, the end ${end.toFixed(1)}, page by page ${median(walked).toFixed(1)}, count(*) and OFFSET 80 % down ${offset.toFixed(0)} ms`;
  say(told);
  const times = (name: string, value: number, target: string, met: boolean): Row =>
    absoluteRow({ name, value, unit: "x", target, stretch: "", met, note: `${rows} rows; ${told}` });
  return [
    times("list-depth", worst / first, `<= ${targetTimes}x the first page`, worst / first <= targetTimes),
    times("list-depth-offset", offset / worst, `>= ${baselineTimes}x faster`, offset / worst >= baselineTimes),
  ];
}

const staff = aStaff("finance");

/** As it would be done without: everything counted, everything before the page read. */
async function byOffset(db: TestDatabase, resource: Resource, first: number): Promise<number> {
  const { source } = resource.declaration;
  const begun = performance.now();
  await db.app.raw("SELECT count(*) FROM ??", [source]);
  await db.app.raw("SELECT * FROM ?? ORDER BY id DESC LIMIT ? OFFSET ?", [source, pageRows, first]);
  return performance.now() - begun;
}

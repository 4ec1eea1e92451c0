import { rescoreAll, rescoreTrader } from "../../../server/capabilities/account-links/index.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { type TestDesk, testDesk } from "../../support/trading.ts";
import { absoluteRow, type Benchmark, median, type Row } from "../row.ts";

const traders = 100_000;
const sightings = 1_000_000;
const fullTargetSeconds = 60;
const oneTargetMs = 100;
const rounds = 50;
/** Sightings noted in one statement. */
const atOnce = 10_000;

/** Rescoring of 100,000 accounts with 1,000,000 sightings, and of one of them after a sighting. */
export const links: Benchmark = {
  rows: ["links-full", "links-one"],
  run: async ({ say }) => {
    const house = await testDesk();
    try {
      await fill(house, say);
      const deps = { db: house.db.app, readDb: house.db.reads, transact: transactor(house.db.app) };
      const passSeconds = await seconds(() =>
        house.db.reads.raw("SELECT count(*) FROM (SELECT ip, trader_id FROM sightings GROUP BY 1, 2) s"),
      );
      const cpu = process.cpuUsage();
      let found = 0;
      const full = await seconds(async () => {
        found = await rescoreAll(deps);
      });
      const { user, system } = process.cpuUsage(cpu);
      const note = `${found} links, node ${((user + system) / 1e6).toFixed(1)} s of CPU; baseline: one grouping pass over the sightings`;
      say(`links-full: ${full.toFixed(1)} s, ${note}`);
      return [fullRow(full, passSeconds, note), await oneRow(house, deps)];
    } finally {
      await house.close();
    }
  },
};

const fullRow = (value: number, baseline: number, note: string): Row => ({
  ...absoluteRow({
    ...{ name: "links-full", value, unit: "s", target: `< ${fullTargetSeconds} s`, stretch: "" },
    ...{ met: value < fullTargetSeconds, note },
  }),
  ...{ baseline, ratio: value / baseline },
});

/** The answer to a sighting of traders here and there; beside it what an empty transaction takes. */
async function oneRow({ db }: TestDesk, deps: Parameters<typeof rescoreTrader>[0]): Promise<Row> {
  const ids: string[] = await db.app("traders").orderBy("id").limit(rounds).pluck("id");
  const times: number[] = [];
  const empty: number[] = [];
  for (const id of ids) {
    empty.push(1_000 * (await seconds(() => db.app.transaction((trx) => trx.raw("SELECT 1")))));
    times.push(1_000 * (await seconds(() => rescoreTrader(deps, id))));
  }
  const [value, baseline] = [median(times), median(empty)];
  const worst = Math.max(...times);
  return {
    ...absoluteRow({
      ...{ name: "links-one", value, unit: "ms", target: `< ${oneTargetMs} ms`, stretch: "" },
      ...{
        met: worst < oneTargetMs,
        note: `worst of ${rounds}: ${worst.toFixed(1)} ms; baseline: an empty transaction`,
      },
    }),
    ...{ baseline, ratio: value / baseline, spread: [Math.min(...times), worst] },
  };
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return (performance.now() - begun) / 1_000;
}

/**
 * Ten logins of each trader within 90 days. Of a hundred traders four live in one home, two share a browser; a third of the logins comes
 * from mobile networks; five thousand sit in dormitories.
 */
async function fill({ db, tenantId }: TestDesk, say: (line: string) => void): Promise<void> {
  await db.owner.raw(
    `INSERT INTO traders (tenant_id, name, email) SELECT ?, 'Trader ' || n, 'person' || n || '@mail.example' FROM generate_series(1, ?) n`,
    [tenantId, traders],
  );
  const took = await seconds(async () => {
    for (let k = sightings / traders; k > 0; k--)
      for (let from = 1; from <= traders; from += atOnce)
        await db.owner.raw(loginsSql, [k, tenantId, tenantId, from, from + atOnce - 1]);
  });
  await db.owner.raw("VACUUM ANALYZE");
  say(`${sightings} sightings of ${traders} traders noted in ${took.toFixed(1)} s`);
}

/** A login of some traders, k times nine days ago. */
const loginsSql = `WITH seen AS (
    SELECT id, n, k, CASE WHEN n % 50 = 1 THEN n - 1 ELSE n END AS device, CASE WHEN n % 100 < 4 THEN n / 100 * 100 ELSE n END AS home, k % 3 = 2 AS is_mobile
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n, ?::int AS k FROM traders WHERE tenant_id = ?) t)
  INSERT INTO sightings (tenant_id, trader_id, device_id, fingerprint, consent_version, ip, network_type, at)
  SELECT ?, id, link_value('d' || device), md5('f' || CASE WHEN n % 10 = 0 THEN n % 3000 ELSE device END), 1,
    '10.0.0.0'::inet + CASE WHEN is_mobile THEN 9000000 + (n * 7 + k * 13) % 2000 WHEN n <= 5000 THEN 8000000 + n / 250 ELSE home END,
    CASE WHEN is_mobile THEN 'mobile' ELSE 'residential' END,
    date_trunc('day', clock_timestamp()) - make_interval(days => k * 9, mins => (n % 7)::int)
  FROM seen WHERE n BETWEEN ? AND ?`;

import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "csv-parse/sync";
import {
  exportFolder,
  type MakeExportsPorts,
  makeExports,
  type NewExport,
  requestExport,
  worksheetRowsMax,
} from "../../../server/capabilities/exports/index.ts";
import { decideAdjustment, requestAdjustment } from "../../../server/capabilities/funding/index.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { writeWorksheet } from "../../../server/platform/worksheet.ts";
import { noWait } from "../../support/no-wait.ts";
import { anOrderRequest, type TestAccount } from "../../support/trading.ts";
import { person, type TestCashier, testCashier } from "../withdrawals/support.ts";

/** A text that a spreadsheet would take for a formula, and that has all that a CSV file quotes. */
export const oddNote = '=1+1, "so" they said;\nand\tmore';

export type ExportDesk = Awaited<ReturnType<typeof exportDesk>>;

/** Exports over books with a trade, a withdrawal and an adjustment in them. */
export async function exportDesk() {
  const cashier = await testCashier();
  const { house } = cashier;
  const account = await house.openAccount(1_000_000n);
  await trade(cashier, account);
  const { id } = await cashier.asked(account, await cashier.oldTarget(account), "75.00");
  await cashier.send(id);
  await adjust(cashier, account, "-12.34", oddNote);
  await house.db.owner("deposits").insert({
    ...{
      id: randomUUID(),
      tenant_id: house.tenantId,
      trader_id: account.trader.traderId,
      account_id: account.accountId,
    },
    ...{
      channel: "bank",
      reference: "DEP-7K3Q9X4H",
      asked_minor: 5_000,
      currency: "USD",
      currency_scale: 2,
      state: "waiting",
    },
  });
  const exporter = exporterOf(house);
  return {
    ...exporter,
    house,
    close: async (): Promise<void> => {
      await house.close();
      exporter.remove();
    },
  };
}

/** What asks for exports of a house's books and makes them, into a folder of its own. */
export function exporterOf(house: House) {
  const dir = mkdtempSync(path.join(os.tmpdir(), "truewick-exports-"));
  const folder = exportFolder(dir);
  const failures: unknown[] = [];
  const ask = (wanted: Partial<NewExport>, by = person("Fin")): Promise<string> => asked(house, wanted, by);
  const make = (more: Partial<MakeExportsPorts> = {}): Promise<number> =>
    makeExports({
      ...{
        db: house.db.app,
        readDb: house.db.reads,
        clock: systemClock,
        spare: noWait,
        folder,
        ...{ writeWorksheet, worksheetRowsMax },
      },
      announceChanged: () => {},
      onError: (error) => void failures.push(error),
      ...more,
    });
  /** The one file of that kind: tries that were given up leave none. */
  const bytesOf = (of: string, ending = "csv"): Buffer => {
    const [found, ...more] = readdirSync(dir).filter((name) => name.startsWith(of) && name.endsWith(ending));
    if (found === undefined || more.length > 0) throw new Error(`${of} has ${more.length + 1} files or none`);
    return readFileSync(path.join(dir, found));
  };
  return {
    ...{ dir, folder, failures, ask, make, bytesOf },
    today: () => lastBookDate(house),
    rowOf: (of: string) => house.db.app("exports").where({ id: of }).first(),
    manifestOf: (of: string) => JSON.parse(bytesOf(of, "json").toString()),
    records: (of: string, options = {}): Record<string, string>[] =>
      parse(bytesOf(of), { columns: true, bom: true, ...options }),
    made: async (wanted: Partial<NewExport>): Promise<string> => {
      const of = await ask(wanted);
      if ((await make()) !== 1) throw new Error(`${of} was not made: ${failures.join()}`);
      return of;
    },
    remove: (): void => rmSync(dir, { recursive: true, force: true }),
  };
}

type House = TestCashier["house"];

async function lastBookDate({ db }: House): Promise<string> {
  const { rows } = await db.owner.raw("SELECT max(book_date)::text AS day FROM transfers");
  return rows[0].day;
}

async function asked(house: House, wanted: Partial<NewExport>, by: ReturnType<typeof person>): Promise<string> {
  const toDate = await lastBookDate(house);
  const given: NewExport = {
    ...{ report: "ledger", tenantId: house.tenantId, book: "live", fromDate: "2026-01-01", toDate },
    ...{ profile: "system", separator: "comma", timeZone: "UTC" },
    ...wanted,
  };
  const answer = await transactor(house.db.app)(by, (work) => requestExport(work, by, given));
  if (!answer.ok) throw new Error(answer.refusal.code);
  return answer.value.id;
}

async function trade({ house }: TestCashier, of: TestAccount): Promise<void> {
  const settle = house.settler();
  for (const [side, bid] of [
    ["buy", 5_000],
    ["sell", 4_990],
  ] as const) {
    house.market.quote("MES", `${bid}.00`, `${bid}.25`);
    const placed = await house.desk.place(of.trader, anOrderRequest(of, { side, lots: "1" }));
    if (!("order" in placed)) throw new Error(`${placed.code} ${placed.message}`);
    await settle([placed.order.id]);
  }
}

async function adjust({ house }: TestCashier, { accountId }: TestAccount, amount: string, note: string): Promise<void> {
  const transact = transactor(house.db.app);
  const [ann, ben] = [person("Ann"), person("Ben")];
  const asked = await transact(ann, (work) =>
    requestAdjustment(work, ann, { accountId, amount, reasonCode: "correction", note }),
  );
  if (!asked.ok) throw new Error(asked.refusal.code);
  await transact(ben, (work) =>
    decideAdjustment(work, () => {}, ben, { id: asked.value.id, to: "posted", note: "-yes" }),
  );
}

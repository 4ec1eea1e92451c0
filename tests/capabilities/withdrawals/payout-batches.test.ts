import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { XMLParser } from "fast-xml-parser";
import { fileOfBatch } from "../../../server/capabilities/withdrawals/index.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";
import { houseIban, type TestPayouts, testPayouts } from "./payout-support.ts";
import { iban, type TestCashier, testCashier, typed } from "./support.ts";

let cashier: TestCashier;
let payouts: TestPayouts;
let account: TestAccount;
let target: string;

beforeAll(async () => {
  cashier = await testCashier();
  payouts = await testPayouts(cashier);
});
afterAll(() => cashier?.house.close());
beforeEach(async () => {
  cashier.house.market.quote("MES", "5000.00", "5000.25");
  account = await cashier.house.openAccount(100_000n);
  target = await cashier.oldTarget(account);
});

/** Up to 100.00 nobody needs to look at it. */
const asked = (amount: string) => cashier.asked(account, target, amount);
const withdrawal = (id: string) => cashier.house.db.app("withdrawals").where({ id }).first();

describe("a batch", () => {
  test("is released by another person: the money leaves, and its withdrawals are sent under its references", async () => {
    const [one, two] = [await asked("50.00"), await asked("60.00")];
    const flying = await cashier.ofHouse("withdrawal.in_flight");
    const id = await payouts.gathered();
    expect(await payouts.release(id, payouts.ann)).toMatchObject({ refusal: "OWN_BATCH" });
    expect(await cashier.stateOf(one.id)).toBe("approved");
    expect(await payouts.release(id)).toMatchObject({ ok: true });
    expect(await payouts.release(id)).toMatchObject({ refusal: "NOT_IN_THIS_STATE" });
    const [first, second] = await payouts.payoutsOf(id);
    expect(await withdrawal(one.id)).toMatchObject({ state: "sent", reference: first.reference, sent_by: "Ben" });
    expect(await withdrawal(two.id)).toMatchObject({ state: "sent", reference: second.reference });
    expect(await cashier.balance(account)).toEqual({ posted: 89_000n, held: 0n });
    expect(await cashier.ofHouse("withdrawal.in_flight")).toBe(flying + 10_500n);
    expect(await payouts.batch(id)).toMatchObject({ state: "released", payouts: 2, total_minor: 10_500n });
    expect(await brokenBooks(cashier.house.db)).toEqual([]);
  });

  test("can't be released by whoever gathered it, not even past the application", async () => {
    await asked("50.00");
    const id = await payouts.gathered();
    const file = Buffer.from("<x/>");
    const released = (by: string | null) =>
      cashier.house.db
        .owner("payout_batches")
        .where({ id })
        .update({
          ...{ state: "released", released_by_id: by, released_by: "Ann", released_at: new Date(), payouts: 1 },
          ...{ total_minor: 1, file, file_hash: createHash("sha256").update(file).digest() },
        });
    await expect(released(payouts.ann.id)).rejects.toMatchObject({ constraint: "payout_batches_two_people" });
    await expect(released(null)).rejects.toMatchObject({ constraint: "payout_batches_release_is_whole" });
    await payouts.cancel(id);
  });

  test("gathered five times at once is gathered once; a withdrawal is in one that counts", async () => {
    const { id: withdrawalId } = await asked("50.00");
    const answers = await Promise.all(Array.from({ length: 5 }, () => payouts.gather()));
    const [made, ...others] = answers.filter(({ ok }) => ok);
    expect(others).toEqual([]);
    expect(answers.filter(({ ok }) => !ok)[0]).toMatchObject({ refusal: { code: "NOTHING_TO_PAY" } });
    const id = made?.ok ? made.value.id : "";
    const [row] = await payouts.payoutsOf(id);
    const twice = { ...row, id: withdrawalId, place: 99, reference: "PAY-00000000" };
    await expect(cashier.house.db.owner("bank_payouts").insert(twice)).rejects.toMatchObject({
      constraint: "bank_payouts_one_live",
    });
    await payouts.release(id);
  });

  test("released ten times at once is released once, and makes one file", async () => {
    await asked("50.00");
    const id = await payouts.gathered();
    const answers = await Promise.all(Array.from({ length: 10 }, () => payouts.release(id)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await cashier.balance(account)).posted).toBe(95_000n);
    expect(await brokenBooks(cashier.house.db)).toEqual([]);
  });

  test("is cancelled before its release only; what was in it can be gathered anew, under another reference", async () => {
    const { id: withdrawalId } = await asked("50.00");
    const first = await payouts.gathered();
    expect(await payouts.cancel(first, payouts.ben)).toMatchObject({ ok: true });
    expect(await payouts.cancel(first)).toMatchObject({ refusal: "NOT_IN_THIS_STATE" });
    expect(await payouts.release(first)).toMatchObject({ refusal: "NOT_IN_THIS_STATE" });
    expect(await cashier.stateOf(withdrawalId)).toBe("approved");
    const second = await payouts.gathered();
    const [[before], [after]] = [await payouts.payoutsOf(first), await payouts.payoutsOf(second)];
    expect(after.withdrawal_id).toBe(withdrawalId);
    expect(after.reference).not.toBe(before.reference);
    await payouts.release(second);
    expect(await payouts.cancel(second)).toMatchObject({ refusal: "NOT_IN_THIS_STATE" });
    await expect(
      cashier.house.db
        .owner("payout_batches")
        .where({ id: second })
        .update({ file: Buffer.from("y") }),
    ).rejects.toMatchObject({ constraint: "payout_batches_fixed" });
  });

  test("leaves out what its trader cancelled and what positions need since; the rest is paid", async () => {
    const stays = await asked("50.00");
    const gone = await asked("60.00");
    const poor = await cashier.house.openAccount(250_000n);
    await cashier.buyOne(poor);
    const { posted, held } = await cashier.balance(poor);
    // All that the position leaves, less the spread that is lost at once.
    const needed = await cashier.asked(poor, await cashier.oldTarget(poor), typed(posted - held - 125n));
    for (const actor of [payouts.ann, payouts.ben]) await cashier.approve(needed.id, actor);
    const id = await payouts.gathered();
    expect(await cashier.cancel(account, gone.id)).toMatchObject({ ok: true });
    cashier.house.market.quote("MES", "4999.75", "5000.00");
    expect(await payouts.release(id)).toMatchObject({ ok: true });
    const said = (await payouts.payoutsOf(id)).map((row) => [row.withdrawal_id, row.state, row.problem]);
    expect(said).toEqual([
      [stays.id, "released", null],
      [gone.id, "left-out", "MOVED_ON"],
      [needed.id, "left-out", "MARGIN_NEEDED"],
    ]);
    expect(await payouts.batch(id)).toMatchObject({ payouts: 1, total_minor: 4_750n });
    expect(await cashier.stateOf(needed.id)).toBe("approved");
    await cashier.cancel(poor, needed.id);
    expect(await brokenBooks(cashier.house.db)).toEqual([]);
  });

  test("of which nothing can be paid any more is not released; a person who is none gathers nothing", async () => {
    const { id: withdrawalId } = await asked("50.00");
    const id = await payouts.gathered();
    await cashier.cancel(account, withdrawalId);
    expect(await payouts.release(id)).toMatchObject({ refusal: "NOTHING_TO_PAY" });
    expect(await payouts.batch(id)).toMatchObject({ state: "gathered", file: null });
    expect(await payouts.cancel(id)).toMatchObject({ ok: true });
    const system = { ...payouts.ann, kind: "system" as const, id: null };
    expect(await payouts.gather(system)).toMatchObject({ refusal: { code: "NO_PERSON" } });
    expect(await payouts.gather()).toMatchObject({ refusal: { code: "NOTHING_TO_PAY" } });
  });

  test("takes neither what waits, nor what is not approved, nor what was sent by hand meanwhile", async () => {
    await cashier.asked(account, await cashier.newTarget(account, "GB82WEST12345698765432"), "50.00");
    await asked("600.00");
    expect(await payouts.gather()).toMatchObject({ refusal: { code: "NOTHING_TO_PAY" } });
    const byHand = await asked("70.00");
    const id = await payouts.gathered();
    expect(await cashier.send(byHand.id)).toMatchObject({ ok: true });
    expect(await payouts.release(id)).toMatchObject({ refusal: "NOTHING_TO_PAY" });
    await payouts.cancel(id);
    expect(await cashier.stateOf(byHand.id)).toBe("sent");
  });
});

describe("the file", () => {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@", parseTagValue: false });

  test("says what the schema wants: counts, exact sums, IBANs, references, and only letters that every bank reads", async () => {
    const [one, two] = [await asked("33.33"), await asked("66.67")];
    const id = await payouts.gathered();
    await payouts.release(id);
    const kept = await fileOfBatch(cashier.house.db.app, id);
    const text = kept?.file.toString("utf8") ?? "";
    expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the point of it
    expect(text).toMatch(/^[\x0a\x20-\x7e]*$/);
    const document = parser.parse(text).Document;
    expect(document["@xmlns"]).toBe("urn:iso:std:iso:20022:tech:xsd:pain.001.001.09");
    const { GrpHdr, PmtInf } = document.CstmrCdtTrfInitn;
    const message = id.replaceAll("-", "");
    const [a, b] = await payouts.payoutsOf(id);
    expect(GrpHdr).toMatchObject({ MsgId: message, NbOfTxs: "2", CtrlSum: "95.00" });
    expect(GrpHdr.CreDtTm).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Object.keys(PmtInf)).toEqual(
      ["PmtInfId", "PmtMtd", "BtchBookg", "NbOfTxs", "CtrlSum", "ReqdExctnDt", "Dbtr", "DbtrAcct", "DbtrAgt"].concat(
        ...["ChrgBr", "CdtTrfTxInf"],
      ),
    );
    expect(PmtInf).toMatchObject({
      ...{ PmtInfId: message, PmtMtd: "TRF", BtchBookg: "false", NbOfTxs: "2", CtrlSum: "95.00", ChrgBr: "SHAR" },
      ...{ Dbtr: { Nm: "Hauser + Sohne" }, DbtrAcct: { Id: { IBAN: houseIban }, Ccy: "USD" } },
      DbtrAgt: { FinInstnId: { BICFI: "BYLADEM1001" } },
    });
    expect(PmtInf.CdtTrfTxInf).toEqual([
      {
        PmtId: { InstrId: a.reference, EndToEndId: a.reference },
        Amt: { InstdAmt: { "@Ccy": "USD", "#text": "30.83" } },
        ...{ Cdtr: { Nm: "Some One" }, CdtrAcct: { Id: { IBAN: iban } } },
        RmtInf: { Ustrd: `Withdrawal ${a.reference}` },
      },
      expect.objectContaining({ Amt: { InstdAmt: { "@Ccy": "USD", "#text": "64.17" } } }),
    ]);
    expect([a.withdrawal_id, b.withdrawal_id]).toEqual([one.id, two.id]);
    expect(createHash("sha256").update(text).digest()).toEqual(kept?.file_hash);
    expect((await fileOfBatch(cashier.house.db.app, id))?.file.equals(kept?.file ?? Buffer.alloc(0))).toBe(true);
  });

  test("is not made for a payee whose name no bank can write: he is left out, and alone he makes no batch", async () => {
    const { db } = cashier.house;
    const chinese = await asked("50.00");
    // Only a database's owner can: a trader's target has the name that he gave it.
    await db.owner.raw("ALTER TABLE withdrawals DISABLE TRIGGER withdrawals_kept");
    const { contentHash } = await import("../../../server/capabilities/withdrawals/withdrawals.store.ts");
    const row = { ...(await withdrawal(chinese.id)), target_name: "张伟" };
    await db
      .owner("withdrawals")
      .where({ id: chinese.id })
      .update({ target_name: "张伟", content_hash: contentHash(row) });
    await db.owner.raw("ALTER TABLE withdrawals ENABLE ALWAYS TRIGGER withdrawals_kept");
    expect(await payouts.gather()).toMatchObject({ refusal: { code: "NAMES_NOT_LATIN" } });
    await asked("60.00");
    const id = await payouts.gathered();
    expect((await payouts.payoutsOf(id)).map(({ state, problem }) => [state, problem])).toEqual([
      ["left-out", "NAME_NOT_LATIN"],
      ["gathered", null],
    ]);
    await payouts.release(id);
    expect(await cashier.stateOf(chinese.id)).toBe("approved");
    await cashier.cancel(account, chinese.id);
  });
});

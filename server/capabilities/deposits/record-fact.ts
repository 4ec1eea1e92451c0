import type { DepositChannel, PaymentNotice } from "#core/deposit-channel.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { parseDecimal } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import { type DepositRow, lockDeposit } from "./deposits.store.ts";

export interface RecordedFact {
  readonly depositId: string;
  readonly eventId: bigint;
  /** false: the same was said before, and this changes nothing. */
  readonly isNew: boolean;
}

/**
 * Stores what a channel said, as it said it, once, with the deposit that it is about: the one that has this payment already, the one
 * with its reference that has none, or a new one that is nobody's. Moves no money.
 */
export async function recordFact(
  work: Work,
  { channel, tenantId }: Pick<DepositChannel, "channel" | "tenantId">,
  notice: PaymentNotice,
): Promise<Result<RecordedFact, "AMOUNT_INVALID">> {
  const { db } = work;
  const currency = await db("currencies").where({ code: notice.currency }).first("code", "scale");
  const amount = currency === undefined ? null : parseDecimal(notice.amount, currency.scale);
  if (currency === undefined || amount === null || amount <= 0n) return refuse("AMOUNT_INVALID");
  const back = notice.takenBack === undefined ? null : parseDecimal(notice.takenBack, currency.scale);
  if (notice.takenBack !== undefined && back === null) return refuse("AMOUNT_INVALID");
  const said: Said = { channel, tenantId, notice, scale: currency.scale };
  const depositId = await depositOf(work, said);
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `INSERT INTO payment_events (tenant_id, channel, external_id, deposit_id, source, payment_no, status, amount_minor, currency,
       currency_scale, body, payer_name, taken_back_minor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (tenant_id, channel, external_id) DO NOTHING`,
    [
      ...[tenantId, channel, notice.externalId, depositId, notice.source, notice.paymentNo, notice.status],
      ...[amount.toString(), notice.currency, currency.scale, Buffer.from(notice.body), notice.payerName ?? null],
      back?.toString() ?? null,
    ],
  );
  const name = { tenant_id: tenantId, channel, external_id: notice.externalId };
  const event = await db("payment_events").where(name).first("id", "deposit_id");
  return ok({ depositId: event.deposit_id, eventId: event.id, isNew: rowCount === 1 });
}

interface Said extends Pick<DepositChannel, "channel" | "tenantId"> {
  readonly notice: PaymentNotice;
  readonly scale: number;
}

async function depositOf(work: Work, said: Said): Promise<string> {
  const { db } = work;
  const { channel, tenantId, notice } = said;
  const payment = { tenant_id: tenantId, channel, payment_no: notice.paymentNo };
  const known = await db("deposits").where(payment).first("id");
  if (known !== undefined) return known.id;
  const asked = notice.reference === null ? undefined : await waitingFor(work, said, notice.reference);
  if (asked !== undefined) {
    await db("deposits").where({ id: asked.id }).update({ payment_no: notice.paymentNo });
    return asked.id;
  }
  await db("deposits")
    .insert({
      ...{ id: newId(), ...payment, currency: notice.currency, currency_scale: said.scale, state: "unknown" },
      ...(await ownerOf(work, said)),
    })
    .onConflict(["tenant_id", "channel", "payment_no"])
    .ignore();
  // Another notice of the same payment may have been quicker; either way it is there now.
  const made = await db("deposits").where(payment).first("id");
  return made.id;
}

/** Whose standing reference it is, at a bank, or whose address, on a chain: where the account is of the money's currency; else nobody's. */
async function ownerOf(
  { db }: Work,
  { tenantId, notice, channel }: Said,
): Promise<{ account_id: string; trader_id: string } | null> {
  if (notice.reference === null || channel === "gateway" || channel === "stripe") return null;
  const standing =
    channel === "bank"
      ? db("payment_references as r").where({ "r.reference": notice.reference })
      : db("chain_addresses as r").where({ "r.channel": channel, "r.address": notice.reference });
  const found = await standing
    .join("accounts as a", "a.id", "r.account_id")
    .where({ "r.tenant_id": tenantId, "a.currency": notice.currency })
    .first("a.id as account_id", "a.trader_id");
  return found ?? null;
}

/** The deposit with the reference, locked, if no payment of it is known yet and the money is of its currency. */
async function waitingFor(
  { db }: Work,
  { channel, tenantId, notice }: Said,
  reference: string,
): Promise<DepositRow | undefined> {
  const found = await db("deposits").where({ reference, channel, tenant_id: tenantId }).first("id");
  const row = found === undefined ? undefined : await lockDeposit(db, found.id);
  const isFree = row?.payment_no === null || row?.payment_no === notice.paymentNo;
  return row !== undefined && isFree && row.currency === notice.currency ? row : undefined;
}

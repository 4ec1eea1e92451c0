import { randomUUID } from "node:crypto";
import type { Field } from "#contracts/field.ts";
import { books, orderTypes, sides } from "#contracts/names.ts";
import { askedChannels, payoutChannels } from "#contracts/payment-names.ts";
import type { House } from "./house.ts";

const label = ["", ""] as const;
const text = (maxLength: number, required = true): Field => ({ kind: "text", label, maxLength, required });
const secret: Field = { kind: "secret", label, minLength: 1, maxLength: 128, required: true };

const account: Field = { kind: "ref", to: "accounts", shape: "uuid", label, required: true };

/** The fields of the routes that no resource declares, in the words of the declarations. */
export const fixedFields: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  "post /api/admin/session": {
    email: { kind: "email", label, required: true },
    password: secret,
    totp: { ...text(6, false), kind: "text", maxLength: 6 },
  },
  "post /api/admin/stress": { book: { kind: "choice", label, options: books, optionLabels: {}, required: true } },
  "post /api/trading/session": { email: { kind: "email", label, required: true }, password: secret },
  "post /api/trading/orders": {
    clientOrderId: text(64),
    accountId: account,
    instrument: text(20),
    side: { kind: "choice", label, options: sides, optionLabels: {}, required: true },
    type: { kind: "choice", label, options: orderTypes, optionLabels: {}, required: true },
    lots: { kind: "lots", label, min: "1", required: true },
    quotedPrice: { kind: "decimal", label, scale: 2, min: "0.25" },
    maxSlippageTicks: { kind: "integer", label, min: 0, max: 10_000 },
  },
  "post /api/trading/orders/cancel-all": { accountId: account, instrument: text(20, false) },
  "patch /api/trading/orders/{id}": {
    lots: { kind: "lots", label, min: "1" },
    limitPrice: { kind: "decimal", label, scale: 2 },
    stopPrice: { kind: "decimal", label, scale: 2 },
  },
  "post /api/trading/flatten": { clientOrderId: text(40), accountId: account, instrument: text(20, false) },
  "post /api/trading/positions/{id}/close": {
    clientOrderId: text(64),
    lots: { kind: "lots", label, min: "1" },
  },
  "post /api/trading/positions/{id}/reverse": { clientOrderId: text(64) },
  "post /api/trading/withdrawals": {
    requestId: { kind: "id", shape: "uuid", label, required: true },
    accountId: account,
    targetId: { kind: "ref", to: "withdrawals", shape: "uuid", label, required: true },
    amount: { kind: "decimal", label, scale: 2, min: "0.01", required: true },
  },
  "post /api/trading/deposits": {
    requestId: { kind: "id", shape: "uuid", label, required: true },
    accountId: account,
    channel: { kind: "choice", label, options: askedChannels, optionLabels: {}, required: true },
    amount: { kind: "decimal", label, scale: 2, min: "0.01", required: true },
  },
  "post /api/trading/device": {
    deviceId: { kind: "id", shape: "uuid", label, required: true },
    fingerprint: { kind: "text", label, maxLength: 32, pattern: "^[0-9a-f]{32}$", required: true },
    consentVersion: { kind: "integer", min: 1, max: 1, label, required: true },
  },
  "post /api/trading/self-exclusion": { until: { kind: "time", label, required: true } },
  "put /api/trading/limits": {
    maxLotsPerOrder: { kind: "lots", label, min: "1", nullable: true },
    maxPositionLots: { kind: "lots", label, min: "1", nullable: true },
    maxOrdersPerMinute: { kind: "integer", label, min: 1, max: 1_000, nullable: true },
    tradingWindows: { kind: "texts", label, maxItems: 20, maxLength: 120, nullable: true },
    allowed: { kind: "texts", label, maxItems: 100, maxLength: 40, nullable: true },
  },
  "post /api/trading/payout-targets": {
    channel: { kind: "choice", label, options: payoutChannels, optionLabels: {}, required: true },
    name: text(70),
    address: text(60),
  },
  "put /api/trading/positions/{id}/bracket": {
    takeProfitPrice: { kind: "decimal", label, scale: 2, nullable: true },
    stopLossPrice: { kind: "decimal", label, scale: 2, nullable: true },
  },
};

/** A contract far from now, so that nothing of it happens while the tests run. */
export const aContract = {
  instrumentId: "MES",
  code: "MESH9",
  firstTradeAt: "2089-01-01T00:00:00.000Z",
  lastTradeAt: "2089-03-18T13:30:00.000Z",
  expiryAction: "roll",
} as const;

/** A body that would be taken, for each route that takes one; each test breaks one thing of it. */
export async function validBodies(house: House): Promise<Record<string, Record<string, unknown>>> {
  const [agent] = await house.read("/api/admin/agents");
  const [trader] = await house.read(`/api/admin/traders?filter=${JSON.stringify({ tenantId: agent?.tenantId })}`);
  const [instrument] = await house.read(`/api/admin/instruments?filter=${JSON.stringify({ id: "MES" })}`);
  const { termsVersion, termsFrom, createdAt, updatedAt, version, tradeMode, ...terms } = instrument ?? {};
  const { tenantId } = agent ?? {};
  const [bankAccount] = await house.read("/api/admin/bank-accounts");
  const password = "tin-orbit-43-lamp";
  return {
    "post /api/admin/session": { email: "somebody@truewick.example", password, totp: "123456" },
    "post /api/admin/stress": { book: "live", shocks: [{ on: "class", assetClass: "equity-index", percent: "-7" }] },
    "post /api/trading/session": { email: "somebody@truewick.example", password },
    "post /api/trading/orders": {
      clientOrderId: randomUUID(),
      accountId: house.accountId,
      instrument: "MES",
      side: "buy",
      type: "market",
      lots: "1",
      quotedPrice: "5000.25",
      maxSlippageTicks: 10_000,
    },
    "post /api/trading/orders/cancel-all": { accountId: house.accountId, instrument: "MES" },
    "patch /api/trading/orders/{id}": { lots: "1", limitPrice: "5000.25" },
    "post /api/trading/flatten": { clientOrderId: randomUUID(), accountId: house.accountId, instrument: "MES" },
    "post /api/trading/positions/{id}/close": { clientOrderId: randomUUID(), lots: "1" },
    "post /api/trading/positions/{id}/reverse": { clientOrderId: randomUUID() },
    "put /api/trading/positions/{id}/bracket": { takeProfitPrice: "6000.00", stopLossPrice: null },
    "post /api/trading/withdrawals": {
      ...{ requestId: randomUUID(), accountId: house.accountId, targetId: randomUUID(), amount: "25.00" },
    },
    "post /api/trading/deposits": {
      ...{ requestId: randomUUID(), accountId: house.accountId, channel: "gateway", amount: "25.00" },
    },
    "post /api/trading/device": {
      deviceId: randomUUID(),
      fingerprint: "0123456789abcdef".repeat(2),
      consentVersion: 1,
    },
    "post /api/trading/self-exclusion": { until: new Date(Date.now() + 400 * 86_400_000).toISOString() },
    "put /api/trading/limits": {
      dailyLoss: { amount: "900000.00", resetTime: "17:00", resetZone: "America/Chicago", action: "reduce-only" },
      ...{ maxLotsPerOrder: "40", maxPositionLots: "90", maxOrdersPerMinute: 900 },
      ...{ tradingWindows: ["mon-sun 00:00-24:00 UTC"], allowed: ["MES", "metal"] },
    },
    "post /api/trading/payout-targets": { channel: "bank", name: "Some One", address: "DE89370400440532013000" },
    "post /api/admin/instruments": { ...terms, id: "MXX", name: "Another" },
    "post /api/admin/session-calendars": {
      id: "around-the-clock-2",
      name: "Around the clock",
      zone: "Etc/UTC",
      tradeDateCut: "00:00",
      sessions: [
        {
          validFrom: "2020-01-01",
          validTo: null,
          open: { weekday: 0, time: "00:00" },
          close: { weekday: 6, time: "23:59" },
        },
      ],
      holidays: [],
    },
    "post /api/admin/partners": { code: "gamma", name: "Gamma", origins: ["https://gamma.example"] },
    "post /api/admin/agents": { tenantId, parentId: agent?.id, code: "third", name: "Third", email: "third@a.example" },
    "post /api/admin/traders": { tenantId, agentId: agent?.id, name: "Dee", email: "dee@alpha.example", password },
    "post /api/admin/accounts": { traderId: trader?.id, book: "live", currency: "EUR" },
    "post /api/admin/risk-limits": { scope: "agent", tenantId, agentId: agent?.id, maxLotsPerOrder: "10" },
    "post /api/admin/risk-changes": { name: "Looser", reason: "a test", effectiveAt: "2088-01-01T00:00:00.000Z" },
    "post /api/admin/trader-groups": {
      ...{ name: "Careful", marginCallPercent: 150, reduceOnlyPercent: 120, stopOutPercent: 100 },
      liquidationFeeMinor: "100",
    },
    "post /api/admin/commission-plans": {
      ...{
        tenantId,
        name: "Summer",
        model: "ratio",
        rate1: "30",
        rate2: "20",
        rate3: "10",
        exceptions: ["MES = 25, 15"],
      },
      ...{ cap: "2.00", isCappedAtFee: false, effectiveFrom: "2088-01-01T00:00:00.000Z", note: "a test" },
    },
    "post /api/admin/commission-assignments": {
      tenantId,
      agentId: agent?.id,
      effectiveFrom: "2088-01-01T00:00:00.000Z",
      note: "a test",
    },
    "post /api/admin/contracts": { ...aContract, code: "MESM9" },
    "post /api/admin/kill-switches": { scope: "instrument", mode: "halt", instrumentId: "MES", reason: "a test" },
    "post /api/admin/tick-corrections": {
      instrumentId: "MES",
      seq: "1",
      kind: "price",
      price: "5000.25",
      reason: "a test",
    },
    "post /api/admin/payment-channels": { channel: "bank", currency: "EUR", tier: 4, least: "10.00" },
    "post /api/admin/payout-batches": { bankAccountId: bankAccount?.id },
    "post /api/admin/exports": {
      ...{ report: "trades", tenantId, book: "live", fromDate: "2026-11-01", toDate: "2026-11-02" },
      ...{ profile: "system", separator: "comma", timeZone: "UTC" },
    },
    "post /api/admin/reconciliation-runs": { tenantId, channel: "bank", fromDate: "2026-11-01", toDate: "2026-11-02" },
    "post /api/admin/export-schedules": {
      tenantId,
      name: "Of each week",
      report: "ledger",
      book: "live",
      period: "week",
    },
    "post /api/admin/bank-accounts": {
      ...{ tenantId, holder: "Alpha Markets", iban: "GB82WEST12345698765432", currency: "USD" },
    },
    "post /api/admin/adjustments": {
      ...{ accountId: house.accountId, amount: "12.50", reasonCode: "goodwill", note: "a slow answer" },
    },
    "post /api/admin/staff": { name: "Rita", email: "rita@a.example", role: "risk", tenantId: null, password },
    reason: { reason: "a test", note: "a test", reference: "B-1", tier: 2, tradeMode: "full", state: "active" },
    "risk change": {
      ...{ scope: "default", instrumentId: "MES", maxPositionLots: "6", lineId: randomUUID(), book: "live" },
      ...{ fromAt: "2026-11-01T00:00:00.000Z", toAt: "2026-11-02T00:00:00.000Z" },
    },
    "reset-password": { password },
  };
}

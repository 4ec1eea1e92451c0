import { bankAccountOf } from "./money-rows.ts";
import { mes, type World } from "./world.ts";

/** For each resource that may be written: a new record, a change of it, and what no record may be. */
export interface Bodies {
  readonly create: Record<string, unknown>;
  readonly change?: Record<string, unknown>;
  readonly wrong: { readonly body: Record<string, unknown>; readonly field: string };
}

export const bodiesOf = (world: World): Readonly<Record<string, Bodies>> => ({
  instruments: {
    create: { ...mes, id: "MNQ", name: "Micro E-mini Nasdaq-100", multiplier: "2", tickValue: "0.50" },
    change: { feePerSide: "0.70", name: "Micro Nasdaq" },
    wrong: { body: { ...mes, id: "MYM", tickValue: "1.26" }, field: "tickValue" },
  },
  "session-calendars": {
    create: {
      id: "around-the-clock",
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
    },
    change: { holidays: [{ date: "2026-12-25", name: "Christmas", closesAt: null }] },
    wrong: {
      body: { id: "mars", name: "Mars", zone: "Mars/Olympus", tradeDateCut: "00:00", sessions: [] },
      field: "zone",
    },
  },
  partners: {
    create: { code: "gamma", name: "Gamma", origins: ["https://gamma.example"] },
    change: { name: "Gamma Ltd", origins: [] },
    wrong: { body: { code: "delta", name: "Delta", origins: ["https://delta.example/path"] }, field: "origins.0" },
  },
  agents: {
    create: { tenantId: world.alpha.id, parentId: world.alpha.agents[1], code: "third", name: "Third", email: null },
    change: { name: "Third of three" },
    wrong: {
      body: { tenantId: world.alpha.id, parentId: world.beta.agents[0], code: "x", name: "X" },
      field: "parentId",
    },
  },
  traders: {
    create: {
      tenantId: world.alpha.id,
      agentId: world.alpha.agents[0],
      name: "Dee",
      email: "dee@alpha.example",
      phone: "+8613800138000",
      password: "tin-orbit-43-lamp",
    },
    change: { name: "Dee Two", locale: "zh-CN" },
    wrong: { body: { tenantId: world.alpha.id, name: "Ann", email: "ANN@alpha.example" }, field: "email" },
  },
  "trader-groups": {
    create: { name: "Careful", marginCallPercent: 150, reduceOnlyPercent: 120, stopOutPercent: 100 },
    change: { stopOutPercent: 110, liquidationFeeMinor: "2500" },
    wrong: {
      body: { name: "Upside down", marginCallPercent: 50, reduceOnlyPercent: 80, stopOutPercent: 100 },
      field: "stopOutPercent",
    },
  },
  accounts: {
    create: { traderId: world.alpha.traders[0], book: "live", currency: "USD" },
    wrong: { body: { traderId: world.alpha.traders[0], book: "demo", currency: "USD" }, field: "book" },
  },
  "risk-limits": {
    create: { scope: "agent", tenantId: world.alpha.id, agentId: world.alpha.agents[0], maxLotsPerOrder: "10" },
    change: { maxLotsPerOrder: "12", maxPositionLots: "0" },
    wrong: { body: { scope: "default", tenantId: world.alpha.id, maxLotsPerOrder: "1" }, field: "scope" },
  },
  "risk-changes": {
    create: { name: "A calmer week", reason: "news ahead", effectiveAt: "2089-01-01T00:00:00.000Z" },
    wrong: {
      body: { name: "Too late", reason: "news ahead", effectiveAt: "2020-01-01T00:00:00.000Z" },
      field: "effectiveAt",
    },
  },
  contracts: {
    create: {
      instrumentId: "MES",
      code: "MESH9",
      firstTradeAt: "2089-01-01T00:00:00.000Z",
      lastTradeAt: "2089-03-18T13:30:00.000Z",
      expiryAction: "roll",
    },
    change: { lastTradeAt: "2089-03-19T13:30:00.000Z", expiryAction: "close" },
    wrong: {
      body: {
        instrumentId: "MES",
        code: "MESH0",
        firstTradeAt: "2010-01-01T00:00:00.000Z",
        lastTradeAt: "2010-03-18T13:30:00.000Z",
        expiryAction: "roll",
      },
      field: "lastTradeAt",
    },
  },
  "payment-channels": {
    create: {
      tenantId: world.alpha.id,
      channel: "bank",
      currency: "USD",
      tier: 2,
      least: "10.00",
      fourEyesAbove: "500.00",
    },
    change: { most: "9000.00", feePpm: 5000, feeFixed: "1.50", depositsEnabled: true, depositLeast: "5.00" },
    wrong: {
      body: { tenantId: world.alpha.id, channel: "bank", currency: "USD", tier: 3, least: "10.00", autoUpTo: "1.00" },
      field: "autoUpTo",
    },
  },
  "commission-plans": {
    create: {
      ...{ tenantId: world.alpha.id, name: "Summer", model: "ratio", rate1: "30", rate2: "20.5", rate3: null },
      ...{ exceptions: ["MES = 25, 15"], cap: "2.5", isCappedAtFee: true, note: "for the summer" },
    },
    wrong: {
      body: { tenantId: world.alpha.id, name: "Too much", model: "ratio", rate1: "60", rate2: "40", note: "all of it" },
      field: "rate1",
    },
  },
  "commission-assignments": {
    create: { tenantId: world.alpha.id, agentId: world.alpha.agents[0], planId: null, note: "as everybody" },
    wrong: { body: { tenantId: world.alpha.id, agentId: world.beta.agents[0], note: "not ours" }, field: "agentId" },
  },
  "payout-batches": {
    create: { bankAccountId: bankAccountOf(world.alpha.id) },
    wrong: { body: { bankAccountId: "00000000-0000-4000-8000-00000000ffff" }, field: "bankAccountId" },
  },
  exports: {
    create: {
      ...{ report: "ledger", tenantId: world.alpha.id, book: "live", fromDate: "2026-11-01", toDate: "2026-11-30" },
      ...{ profile: "excel", separator: "comma", timeZone: "Asia/Shanghai" },
    },
    wrong: {
      body: {
        ...{ report: "ledger", tenantId: world.alpha.id, book: "live", fromDate: "2026-11-02", toDate: "2026-11-01" },
        ...{ profile: "excel", separator: "comma", timeZone: "UTC" },
      },
      field: "toDate",
    },
  },
  "reconciliation-runs": {
    create: { tenantId: world.alpha.id, channel: "bank", fromDate: "2026-11-02", toDate: "2026-11-20" },
    wrong: {
      body: { tenantId: world.alpha.id, channel: "bank", fromDate: "2026-11-03", toDate: "2026-11-02" },
      field: "toDate",
    },
  },
  "export-schedules": {
    create: { tenantId: world.alpha.id, name: "Trades of each day", report: "trades", book: "live", period: "day" },
    change: { isActive: false },
    wrong: {
      body: { tenantId: world.alpha.id, name: "", report: "trades", book: "live", period: "day" },
      field: "name",
    },
  },
  "bank-accounts": {
    create: {
      tenantId: world.alpha.id,
      holder: "Alpha Markets",
      iban: "GB82WEST12345698765432",
      currency: "USD",
      isOffered: true,
    },
    change: { bic: "WESTGB22", csvDate: "Date", csvAmount: "Amount", csvText: "Text" },
    wrong: {
      body: { tenantId: world.alpha.id, holder: "Alpha", iban: "GB82WEST12345698765433", currency: "USD" },
      field: "iban",
    },
  },
  adjustments: {
    create: {
      accountId: world.alpha.accounts[0],
      amount: "-12.50",
      reasonCode: "correction",
      note: "a deposit was booked twice",
    },
    wrong: {
      body: { accountId: world.alpha.accounts[0], amount: "0.00", reasonCode: "goodwill", note: "nothing at all" },
      field: "amount",
    },
  },
  "tick-corrections": {
    create: { instrumentId: "MES", seq: "1", kind: "price", price: "5250.25", reason: "a bust" },
    wrong: {
      body: { instrumentId: "MES", seq: "1", kind: "price", price: "5250.10", reason: "a bust" },
      field: "price",
    },
  },
  "kill-switches": {
    create: { scope: "agent", mode: "halt", agentId: world.alpha.agents[0], reason: "odd trading" },
    wrong: { body: { scope: "all", mode: "halt", reason: "odd trading" }, field: "confirmation" },
  },
  staff: {
    create: {
      name: "Rita",
      email: "rita@operator.example",
      role: "risk",
      tenantId: null,
      password: "tin-orbit-43-lamp",
    },
    change: { role: "finance", locale: "zh-CN" },
    wrong: {
      body: {
        name: "Al",
        email: "al@alpha.example",
        role: "agent",
        tenantId: world.alpha.id,
        password: "tin-orbit-43-lamp",
      },
      field: "agentId",
    },
  },
});

import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type NoticeCourier, noticeCourier } from "../../support/notice-courier.ts";
import { merchant, type PaymentGateway, paymentGateway } from "../../support/payment-gateway.ts";
import { type ScriptedBank, scriptedBank } from "../../support/scripted-bank.ts";

/** A payment that happened outside of the house, and what must have become of it there in the end. */
export interface OutsideFact {
  readonly channel: "gateway" | "bank";
  /** The payment's number at the gateway, or the bank's number of its line. */
  readonly number: string;
  readonly cents: bigint;
  /** Whose it is; null: nobody's, to be sent back. */
  readonly accountId: string | null;
  /** reversed: the gateway took it back. */
  readonly end: "credited" | "rejected" | "reversed";
  /** A second payment of the same order: which of the two came first is the house's to say, the other one is nobody's. */
  readonly twin: string | null;
}

/** What is beyond the house: a gateway and a bank with books of their own, which judge what the house did. */
export interface Outside {
  readonly gateway: PaymentGateway;
  readonly bank: ScriptedBank;
  readonly courier: NoticeCourier;
  readonly facts: OutsideFact[];
  readonly paymentsFile: string;
  readonly close: () => Promise<void>;
}

export const houseIban = "DE89370400440532013000";

export async function openOutside(of: {
  readonly dataDir: string;
  readonly tenantId: number;
  readonly urls: readonly string[];
}): Promise<Outside> {
  const gateway = await paymentGateway(() => Date.now());
  const { payUrl, queryUrl } = gateway;
  const paymentsFile = path.join(of.dataDir, "payments.json");
  writeFileSync(paymentsFile, JSON.stringify({ gateway: [{ ...merchant, tenantId: of.tenantId, payUrl, queryUrl }] }));
  chmodSync(paymentsFile, 0o600);
  const courier = noticeCourier(() => of.urls.map((url) => `${url}/api/payments/gateway/${of.tenantId}/notice`));
  return {
    ...{ gateway, courier, paymentsFile, bank: scriptedBank({ iban: houseIban }), facts: [] },
    close: async () => {
      await courier.close();
      await gateway.close();
    },
  };
}

import { type NoticeCourier, noticeCourier } from "../../support/notice-courier.ts";
import { merchant, type PaymentGateway, paymentGateway } from "../../support/payment-gateway.ts";
import { type ScriptedBank, scriptedBank } from "../../support/scripted-bank.ts";
import { type ChainSide, type chainChannel, openChain, secretFile } from "./chain.ts";

export type FactChannel = "gateway" | "bank" | typeof chainChannel;

/** A payment that happened outside of the house, and what must have become of it there in the end. */
export interface OutsideFact {
  readonly channel: FactChannel;
  /** The payment's number at the gateway or on the chain, or the bank's number of its line. */
  readonly number: string;
  /** Minor units of the channel's currency. */
  readonly minor: bigint;
  /** Whose it is; null: nobody's, to be sent back. */
  readonly accountId: string | null;
  /** reversed: the gateway took it back. */
  readonly end: "credited" | "rejected" | "reversed";
  /** A second payment of the same order: which of the two came first is the house's to say, the other one is nobody's. */
  readonly twin: string | null;
}

/** What is beyond the house: a gateway, a bank and a chain with books of their own, which judge what the house did. */
export interface Outside {
  readonly gateway: PaymentGateway;
  readonly bank: ScriptedBank;
  readonly courier: NoticeCourier;
  /** null: this run has none. */
  readonly chain: ChainSide | null;
  readonly facts: OutsideFact[];
  readonly paymentsFile: string;
  readonly close: () => Promise<void>;
}

export const houseIban = "DE89370400440532013000";

export async function openOutside(of: {
  readonly dataDir: string;
  readonly tenantId: number;
  readonly urls: readonly string[];
  readonly hasChain: boolean;
}): Promise<Outside> {
  const { dataDir, tenantId, urls, hasChain } = of;
  const gateway = await paymentGateway(() => Date.now());
  const { payUrl, queryUrl } = gateway;
  const chain = hasChain ? await openChain(of) : null;
  const paymentsFile = secretFile(dataDir, "payments.json", {
    gateway: [{ ...merchant, tenantId, payUrl, queryUrl }],
    evm: chain === null ? [] : [chain.entry],
  });
  const courier = noticeCourier(() => urls.map((url) => `${url}/api/payments/gateway/${tenantId}/notice`));
  return {
    ...{ gateway, courier, chain, paymentsFile, bank: scriptedBank({ iban: houseIban }), facts: [] },
    close: async () => {
      await courier.close();
      await gateway.close();
      await chain?.close();
    },
  };
}

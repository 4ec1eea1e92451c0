import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { TronWeb, utils } from "tronweb";
import {
  type Block,
  type TronLedger,
  type TronTransaction,
  transferCall,
  transferTwoCall,
  tronLedger,
} from "./tron-ledger.ts";

/** Everybody's key on this chain: it has all tokens at first, and pays out. */
export const tronKey = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
export const addressOfKey = (key: string): string => String(TronWeb.address.fromPrivateKey(key));
const sun = 1_000_000;
const lifetimeMs = 600_000;

/** How the node is: up; hangs up; is down or says that it is asked too often; takes the question and never answers. */
export type NodeBehaviour = "up" | "hangs-up" | "says-500" | "says-429" | "silent";

/**
 * A full node of TRON on loopback, by the HTTP interface of java-tron, over a chain of its own. It makes a block when told to, and calls
 * one solid when told to. What it was asked is its own log.
 */
export async function startTron({ decimals = 6 }: { readonly decimals?: number } = {}) {
  const ledger: TronLedger = tronLedger(Date.now());
  const payer = addressOfKey(tronKey);
  const hex = (address: string): string => utils.address.toHex(address);
  let tokens = 0;
  const deploy = (supply = 10n ** 30n): string => {
    tokens += 1;
    const contract = `41${tokens.toString(16).padStart(40, "c")}`;
    ledger.mint(contract, hex(payer), supply);
    return utils.address.fromHex(contract);
  };
  const usdt = deploy();
  const behaviour: { is: NodeBehaviour; energyPrice: number; trx: number } = { is: "up", energyPrice: 210, trx: 1e6 };
  const asked: string[] = [];
  const waiting = new Set<ServerResponse>();
  const shown = ({ id, number, timestamp }: Block) => ({
    blockID: id,
    // The first block's number and time are left out, as nodes do.
    block_header: { raw_data: number === 0 ? {} : { number, timestamp } },
  });
  const constant = (body: Record<string, string>) => {
    const { owner_address: owner = "", contract_address: contract = "", function_selector, parameter = "" } = body;
    const told = (value: bigint) => ({
      ...{ result: { result: true }, energy_used: 900, transaction: { ret: [{}] } },
      constant_result: [value.toString(16).padStart(64, "0")],
    });
    if (function_selector === "decimals()") return told(BigInt(decimals));
    if (function_selector === "balanceOf(address)") return told(ledger.balanceOf(contract, `41${parameter.slice(24)}`));
    const isMade = ledger.effect(owner, contract, `a9059cbb${parameter}`) !== null;
    const reverted = { message: Buffer.from("REVERT opcode executed").toString("hex") };
    return {
      result: { result: true, ...(isMade ? {} : reverted) },
      energy_used: isMade ? 64_285 : 30_000,
      constant_result: [""],
      transaction: { ret: [isMade ? {} : { ret: "FAILED" }] },
    };
  };
  const answerTo = (path: string, body: Record<string, never>): unknown => {
    const blocks = ledger.blocks();
    const at = blocks[Number(body.id_or_num ?? body.num)];
    switch (path) {
      case "/wallet/getnowblock":
        return shown(ledger.head());
      case "/walletsolidity/getnowblock":
        return shown(ledger.solid());
      case "/wallet/getblock":
        return at === undefined ? {} : shown(at);
      case "/wallet/gettransactioninfobyblocknum":
        return at?.infos ?? [];
      case "/wallet/gettransactioninfobyid":
        return ledger.find(body.value ?? "").info ?? {};
      case "/wallet/gettransactionbyid":
        return ledger.find(body.value ?? "").transaction ?? {};
      case "/wallet/triggerconstantcontract":
        return constant(body);
      case "/wallet/getchainparameters":
        return {
          chainParameter: [["getEnergyFee", behaviour.energyPrice] as const, ["getTransactionFee", 1_000] as const].map(
            ([key, value]) => ({ key, value }),
          ),
        };
      case "/wallet/getaccountresource":
        return { freeNetLimit: 600 };
      case "/wallet/getaccount":
        return { balance: behaviour.trx * sun };
      case "/wallet/broadcasttransaction": {
        const transaction = body as never as TronTransaction;
        const code = ledger.take(transaction, ledger.find(transaction.txID).transaction !== undefined);
        return code === null ? { result: true, txid: transaction.txID } : { code, message: "" };
      }
      default:
        throw new Error(`the node knows no ${path}`);
    }
  };
  const server = createServer(async (request, response) => {
    const text = (await bytesOf(request)).toString();
    const path = request.url ?? "";
    asked.push(path);
    if (behaviour.is === "hangs-up") return response.destroy();
    if (behaviour.is === "silent") return void waiting.add(response);
    if (behaviour.is !== "up") return response.writeHead(Number(behaviour.is.slice(5))).end("{}");
    const said = answerTo(path, text === "" ? {} : JSON.parse(text));
    response.setHeader("content-type", "application/json").end(JSON.stringify(said));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const nodeUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const builder = new TronWeb({ fullHost: nodeUrl }).transactionBuilder;
  const genesis = `0x${ledger.blocks()[0]?.id.slice(-8)}`;
  /** A transaction of the payer's, signed. */
  const signed = async (call: string, rawParameter: string, contract = usdt): Promise<TronTransaction> => {
    const { id, timestamp } = ledger.solid().timestamp === 0 ? ledger.head() : ledger.solid();
    const { transaction } = await builder.triggerSmartContract(
      contract,
      call,
      {
        ...{ txLocal: true, feeLimit: 100 * sun, rawParameter },
        blockHeader: {
          ...{ ref_block_bytes: id.slice(12, 16), ref_block_hash: id.slice(16, 32) },
          ...{ expiration: Math.max(timestamp, ledger.head().timestamp) + lifetimeMs, timestamp: made++ },
        },
      },
      [],
      payer,
    );
    return utils.crypto.signTransaction(tronKey, transaction) as unknown as TronTransaction;
  };
  let made = 1;
  const give = (transaction: TronTransaction): string => {
    const refusal = ledger.take(transaction, false);
    if (refusal !== null) throw new Error(refusal);
    return transaction.txID;
  };
  const pair = (to: string, amount: bigint): string =>
    `${hex(to).slice(2).padStart(64, "0")}${amount.toString(16).padStart(64, "0")}`;
  return {
    ...{ nodeUrl, genesis, usdt, decimals, payer, ledger, behaviour, asked, deploy, give },
    mine: ledger.mine,
    transferOf: (to: string, amount: bigint, contract?: string): Promise<TronTransaction> =>
      signed(transferCall, pair(to, amount), contract),
    /** Sends tokens without putting them into a block; the transaction's number. */
    send: async (to: string, amount: bigint, contract?: string): Promise<string> =>
      give(await signed(transferCall, pair(to, amount), contract)),
    sendTwo: async (to: readonly [string, string], amounts: readonly [bigint, bigint]): Promise<string> =>
      give(await signed(transferTwoCall, `${pair(to[0], amounts[0])}${pair(to[1], amounts[1])}`)),
    has: (address: string): bigint => ledger.balanceOf(hex(usdt), hex(address)),
    block: (address: string): void => void ledger.blocked.add(hex(address)),
    close: async (): Promise<void> => {
      for (const response of waiting) response.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

export type Tron = Awaited<ReturnType<typeof startTron>>;

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

import { createHash } from "node:crypto";
import { utils } from "tronweb";

/** A signed transaction as it comes over the wire. */
export interface TronTransaction {
  readonly txID: string;
  readonly raw_data_hex: string;
  readonly raw_data: {
    readonly ref_block_bytes: string;
    readonly ref_block_hash: string;
    readonly expiration: number;
    readonly contract: readonly {
      readonly parameter: { readonly value: { owner_address: string; contract_address: string; data: string } };
    }[];
  };
  readonly signature: readonly string[];
}

interface Log {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}
export interface TransactionInfo {
  readonly id: string;
  readonly blockNumber: number;
  readonly blockTimeStamp: number;
  readonly receipt: { readonly result: string; readonly energy_usage_total: number };
  readonly log?: readonly Log[];
}
export interface Block {
  readonly number: number;
  readonly id: string;
  readonly timestamp: number;
  readonly infos: readonly TransactionInfo[];
  readonly transactions: readonly TronTransaction[];
}

const blockMs = 3_000;
const transferTopic = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
/** What the tokens here may be asked for: a transfer, and two at once. */
export const transferCall = "transfer(address,uint256)";
export const transferTwoCall = "transferTwo(address,uint256,address,uint256)";
/** First four bytes of the keccak-256 of a call's name. */
const selectorOf = (call: string): string => utils.ethersUtils.keccak256(Buffer.from(call)).slice(2, 10);
const [transferData, transferTwoData] = [selectorOf(transferCall), selectorOf(transferTwoCall)];
const word = (text: string): string => text.padStart(64, "0");
const bytes20 = (hex21: string): string => hex21.slice(2);

type Tokens = Map<string, Map<string, bigint>>;
interface State {
  readonly blocks: readonly Block[];
  readonly tokens: Tokens;
  readonly pending: readonly TronTransaction[];
  readonly solid: number;
}

/**
 * A chain as TRON's, in memory: transactions are checked as a node does (number of their bytes, signature of their owner, a block of this chain,
 * not expired), wait, and are run when a block is made. Its tokens are contracts that know who has how much and whom they block.
 */
export function tronLedger(startMs: number) {
  let state: State = { blocks: [], tokens: new Map(), pending: [], solid: 0 };
  const blocked = new Set<string>();
  let forks = 0;
  const head = (): Block => state.blocks.at(-1) as Block;
  const make = (transactions: readonly TronTransaction[], skipMs = 0): void => {
    const number = state.blocks.length;
    const timestamp = number === 0 ? 0 : Math.max(head().timestamp, startMs) + blockMs + skipMs;
    const live = transactions.filter(({ raw_data }) => raw_data.expiration > timestamp);
    const parent = number === 0 ? "" : head().id;
    const hash = createHash("sha256").update(`${parent} ${number} ${forks} ${live.map(({ txID }) => txID)}`);
    const id = `${number.toString(16).padStart(16, "0")}${hash.digest("hex").slice(16)}`;
    const infos = live.map((transaction) => run(transaction, number, timestamp));
    state = { ...state, blocks: [...state.blocks, { number, id, timestamp, infos, transactions: live }], pending: [] };
  };
  const balanceOf = (contract: string, holder: string): bigint => state.tokens.get(contract)?.get(holder) ?? 0n;
  /** The transfers that a call makes; null: it reverts. */
  const effect = (owner: string, contract: string, data: string): readonly [to: string, amount: bigint][] | null => {
    if (!state.tokens.has(contract)) return null;
    const words = data.slice(8).match(/.{64}/g) ?? [];
    const pairs = data.startsWith(transferData) ? 1 : data.startsWith(transferTwoData) ? 2 : 0;
    const moves = Array.from({ length: pairs }, (_pair, at): [string, bigint] => [
      `41${words[2 * at]?.slice(24)}`,
      BigInt(`0x${words[2 * at + 1]}`),
    ]);
    const sum = moves.reduce((total, [, amount]) => total + amount, 0n);
    const isBlocked = [owner, ...moves.map(([to]) => to)].some((address) => blocked.has(address));
    return moves.length === 0 || isBlocked || sum > balanceOf(contract, owner) ? null : moves;
  };
  const run = ({ txID: id, raw_data }: TronTransaction, blockNumber: number, blockTimeStamp: number) => {
    const {
      owner_address: owner,
      contract_address: contract,
      data,
    } = (raw_data.contract[0] as never as Call).parameter.value;
    const moves = effect(owner, contract, data);
    const common = { id, blockNumber, blockTimeStamp };
    if (moves === null) return { ...common, receipt: { result: "REVERT", energy_usage_total: 30_000 } };
    const log = moves.map(([to, amount]): Log => {
      move(contract, owner, -amount);
      move(contract, to, amount);
      const topics = [transferTopic, word(bytes20(owner)), word(bytes20(to))];
      return { address: bytes20(contract), topics, data: word(amount.toString(16)) };
    });
    return { ...common, receipt: { result: "SUCCESS", energy_usage_total: 64_285 }, log };
  };
  const move = (contract: string, holder: string, amount: bigint): void =>
    void state.tokens.get(contract)?.set(holder, balanceOf(contract, holder) + amount);
  make([]);
  make([]);
  return {
    head,
    blocked,
    effect,
    balanceOf,
    blocks: (): readonly Block[] => state.blocks,
    solid: (): Block => state.blocks[state.solid] as Block,
    /** A token of which somebody has all. */
    mint: (contract: string, holder: string, supply: bigint): void =>
      void state.tokens.set(contract, new Map([[holder, supply]])),
    /** Makes blocks, the first with everything that waits; `skipMs`: so much later than it should be. */
    mine: (count = 1, skipMs = 0): void => {
      for (let made = 0; made < count; made += 1) make(made === 0 ? state.pending : [], made === 0 ? skipMs : 0);
    },
    /** All blocks up to so many behind the newest can't go away any more. */
    solidify: (behind = 0): void => {
      state = { ...state, solid: Math.max(state.solid, state.blocks.length - 1 - behind) };
    },
    find: (id: string) => {
      for (const block of state.blocks) {
        const at = block.transactions.findIndex(({ txID }) => txID === id);
        if (at >= 0) return { transaction: block.transactions[at], info: block.infos[at] };
      }
      return { transaction: state.pending.find(({ txID }) => txID === id), info: undefined };
    },
    forget: (id: string): void => {
      state = { ...state, pending: state.pending.filter(({ txID }) => txID !== id) };
    },
    /** Remembers the chain; what it gives takes back every block since, and what comes then is another chain. */
    fork: (): (() => void) => {
      const before = { ...state, tokens: copyOf(state.tokens) };
      return () => {
        state = { ...before, tokens: copyOf(before.tokens) };
        forks += 1;
      };
    },
    /** What a node says of a transaction that it is given: null, it is taken. */
    take: (transaction: TronTransaction, isKnown: boolean): string | null => {
      const refusal = isKnown ? "DUP_TRANSACTION_ERROR" : checkTransaction(transaction, state.blocks);
      if (refusal === null) state = { ...state, pending: [...state.pending, transaction] };
      return refusal;
    },
  };
}

interface Call {
  readonly parameter: { readonly value: { owner_address: string; contract_address: string; data: string } };
}

export type TronLedger = ReturnType<typeof tronLedger>;

const copyOf = (tokens: Tokens): Tokens => new Map([...tokens].map(([contract, held]) => [contract, new Map(held)]));

function checkTransaction(transaction: TronTransaction, blocks: readonly Block[]): string | null {
  const { txID, raw_data_hex, raw_data, signature } = transaction;
  const isItsOwn = createHash("sha256").update(Buffer.from(raw_data_hex, "hex")).digest("hex") === txID;
  if (!isItsOwn || !utils.transaction.txCheck(transaction as never)) return "CONTRACT_VALIDATE_ERROR";
  const owner = raw_data.contract[0]?.parameter.value.owner_address;
  if (utils.crypto.ecRecover(txID, signature[0] ?? "").toLowerCase() !== owner) return "SIGERROR";
  const isOfChain = blocks.some(
    ({ id }) => id.slice(12, 16) === raw_data.ref_block_bytes && id.slice(16, 32) === raw_data.ref_block_hash,
  );
  if (!isOfChain) return "TAPOS_ERROR";
  return raw_data.expiration <= (blocks.at(-1)?.timestamp ?? 0) ? "TRANSACTION_EXPIRATION_ERROR" : null;
}

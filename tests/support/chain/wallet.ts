import { pbkdf2Sync } from "node:crypto";
import { HDKey, mnemonicToAccount } from "viem/accounts";

/** A wallet of the house, whose public key alone the server has. */
const houseWords = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const seed = pbkdf2Sync(houseWords, "mnemonic", 2_048, 64, "sha512"); // BIP-39
const ofAccount = HDKey.fromMasterSeed(seed).derive("m/44'/60'/0'");
export const houseXpub: string = ofAccount.publicExtendedKey;
export const houseXprv: string = ofAccount.privateExtendedKey;
/** What the wallet itself, with its private key, calls its address number `index`. */
export const walletAddress = (index: number): string => mnemonicToAccount(houseWords, { addressIndex: index }).address;

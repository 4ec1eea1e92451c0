import { createReadStream } from "node:fs";
import { isIP } from "node:net";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import type { Network, NetworkType } from "#contracts/link-names.ts";

export interface NetworkTable {
  readonly networkOf: (ip: string | null) => Network;
  readonly ranges: number;
}

const unknownNetwork: Network = { asn: null, country: null, type: "unknown" };

/** What there is without a file: of no address anything is known. */
export const noNetworks: NetworkTable = { networkOf: () => unknownNetwork, ranges: 0 };

/** Words in the names of those who rent out machines, and of those whose customers share addresses on the road. */
const hostingWords =
  /\b(hosting|hoster|cloud|data ?cent(er|re)s?|servers?|vps|colo(cation)?|cdn|vpn|amazon|google|microsoft|digitalocean|ovh|hetzner|linode|akamai|m247|leaseweb|contabo|vultr|choopa|oracle|alibaba|tencent)\b/i;
const mobileWords = /\b(mobile|mobil|wireless|cellular|lte|gsm|umts|[345]g)\b/i;

/** Sorted ranges of the first 64 bits of an address; an IPv4 address is the last 32 of them. */
interface Ranges {
  readonly starts: bigint[];
  readonly ends: bigint[];
  readonly networks: Network[];
}

/**
 * Reads a table of networks as iptoasn.com gives it to the public domain (`ip2asn-combined.tsv`, also gzipped): first and last address,
 * number, country and name of who announces them, tab-separated, in order. A sixth column may say `residential`, `mobile` or `hosting`; else the
 * name's words do, and who has none of them is residential.
 */
export async function readNetworks(file: string): Promise<NetworkTable> {
  const [v4, v6]: [Ranges, Ranges] = [noRanges(), noRanges()];
  const known = new Map<string, Network>();
  const bytes = createReadStream(file);
  const text = file.endsWith(".gz") ? bytes.pipe(createGunzip()) : bytes;
  bytes.on("error", (error) => text.destroy(error));
  for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY }))
    addLine(line, { v4, v6, known });
  return {
    ranges: v4.starts.length + v6.starts.length,
    networkOf: (ip) => {
      const plain = plainIp(ip);
      if (plain === null) return unknownNetwork;
      return find(isIP(plain) === 4 ? v4 : v6, bitsOf(plain)) ?? unknownNetwork;
    },
  };
}

const noRanges = (): Ranges => ({ starts: [], ends: [], networks: [] });

function addLine(line: string, to: { v4: Ranges; v6: Ranges; known: Map<string, Network> }): void {
  const [first = "", last = "", number = "", country = "", name = "", said = ""] = line.split("\t");
  const version = isIP(first);
  if (version === 0 || isIP(last) !== version || number === "0") return;
  const key = `${number} ${country} ${said}`;
  const network = to.known.get(key) ?? {
    asn: Number(number),
    country: /^[A-Z]{2}$/.test(country) ? country : null,
    type: typeOf(name, said),
  };
  to.known.set(key, network);
  const ranges = version === 4 ? to.v4 : to.v6;
  ranges.starts.push(bitsOf(first));
  ranges.ends.push(bitsOf(last));
  ranges.networks.push(network);
}

function typeOf(name: string, said: string): NetworkType {
  if (said === "residential" || said === "mobile" || said === "hosting") return said;
  return hostingWords.test(name) ? "hosting" : mobileWords.test(name) ? "mobile" : "residential";
}

function find({ starts, ends, networks }: Ranges, bits: bigint): Network | undefined {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0n) <= bits) low = middle + 1;
    else high = middle;
  }
  return (ends[low - 1] ?? -1n) >= bits ? networks[low - 1] : undefined;
}

/** An IPv4 address that came over IPv6 as itself, so that it is one address however it came; without a zone. Null: it is none. */
export function plainIp(ip: string | null): string | null {
  const plain = (ip ?? "").replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "");
  return isIP(plain) === 0 ? null : plain;
}

/** The first 64 bits of an address; of an IPv4 address all 32. */
function bitsOf(ip: string): bigint {
  if (isIP(ip) === 4) return ip.split(".").reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
  const [head = "", tail] = ip.split("::");
  const groups = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const filled =
    tail === undefined ? groups : [...groups, ...Array(8 - groups.length - after.length).fill("0"), ...after];
  return filled.slice(0, 4).reduce((bits: bigint, group: string) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

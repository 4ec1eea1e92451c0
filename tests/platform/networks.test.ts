import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type NetworkTable, noNetworks, plainIp, readNetworks } from "../../server/platform/networks.ts";

const rows = [
  ["1.0.0.0", "1.0.0.255", "13335", "AU", "CLOUDFLARENET CDN"],
  ["5.9.0.0", "5.9.255.255", "24940", "DE", "HETZNER-AS"],
  ["80.0.0.0", "80.0.255.255", "3320", "DE", "DTAG Internet service provider operations"],
  ["80.1.0.0", "80.1.255.255", "0", "None", "Not routed"],
  ["90.0.0.0", "90.0.0.255", "22394", "US", "CELLCO-PART Wireless"],
  ["91.0.0.0", "91.0.0.255", "64500", "FR", "Some name", "mobile"],
  ["2001:db8::", "2001:db8:0:ffff:ffff:ffff:ffff:ffff", "64501", "NL", "Home fibre"],
].map((row) => row.join("\t"));

let folder: string;
let table: NetworkTable;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "truewick-networks-"));
  writeFileSync(path.join(folder, "table.tsv"), `${rows.join("\n")}\n`);
  writeFileSync(path.join(folder, "table.tsv.gz"), gzipSync(rows.join("\r\n")));
  table = await readNetworks(path.join(folder, "table.tsv"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["1.0.0.7", { asn: 13_335, country: "AU", type: "hosting" }],
  ["5.9.255.255", { asn: 24_940, country: "DE", type: "hosting" }],
  ["80.0.0.0", { asn: 3_320, country: "DE", type: "residential" }],
  ["::ffff:80.0.0.9", { asn: 3_320, country: "DE", type: "residential" }],
  ["90.0.0.1", { asn: 22_394, country: "US", type: "mobile" }],
  ["91.0.0.1", { asn: 64_500, country: "FR", type: "mobile" }],
  ["2001:db8:0:1::5", { asn: 64_501, country: "NL", type: "residential" }],
])("%s is in the network that the table says", (ip, network) => {
  expect(table.networkOf(ip)).toEqual(network);
});

test.each(["80.1.0.1", "0.0.0.0", "255.255.255.255", "127.0.0.1", "2001:db9::1", "::1", "nonsense", null])(
  "of %s nothing is known",
  (ip) => {
    expect(table.networkOf(ip)).toEqual({ asn: null, country: null, type: "unknown" });
    expect(noNetworks.networkOf(ip)).toEqual({ asn: null, country: null, type: "unknown" });
  },
);

test("a gzipped table is the same table; one that is not there is said", async () => {
  expect((await readNetworks(path.join(folder, "table.tsv.gz"))).ranges).toBe(table.ranges);
  await expect(readNetworks(path.join(folder, "none.tsv"))).rejects.toThrow("ENOENT");
  await expect(readNetworks(path.join(folder, "none.tsv.gz"))).rejects.toThrow("ENOENT");
});

test("an address is one address however it came", () => {
  expect(["::ffff:10.0.0.1", "fe80::1%eth0", "10.0.0.1", "unknown"].map(plainIp)).toEqual([
    ...["10.0.0.1", "fe80::1", "10.0.0.1", null],
  ]);
});

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { staffRoles } from "#contracts/names.ts";

const login = z.object({ email: z.string(), password: z.string() });

const credentials = z.object({
  staff: z.record(z.enum(staffRoles), login),
  traders: z.array(login.extend({ accountId: z.string(), demoAccountId: z.string() })),
  partners: z.array(z.object({ id: z.number(), origin: z.string(), keyId: z.string(), privateKeyPem: z.string() })),
});
export type Credentials = z.infer<typeof credentials>;

const fileOf = (dataDir: string): string => path.join(dataDir, "credentials.json");

/** What an earlier seed wrote; null when there is none, or none that can be read. */
export function readCredentials(dataDir: string): Credentials | null {
  try {
    return credentials.parse(JSON.parse(readFileSync(fileOf(dataDir), "utf8")));
  } catch {
    return null;
  }
}

/** Replaces the file in one step, readable by its owner only. */
export function writeCredentials(dataDir: string, written: Credentials): string {
  mkdirSync(dataDir, { recursive: true });
  const file = fileOf(dataDir);
  const draft = `${file}.new`;
  writeFileSync(draft, `${JSON.stringify(written, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
  return file;
}

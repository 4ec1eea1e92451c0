import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { StartError } from "./start-error.ts";

const schema = z.object({
  /** Superuser of the private PostgreSQL: migrations and `npm run verify` only. */
  postgresOwner: z.string().min(32),
  /** The login role the server works as. */
  postgresServer: z.string().min(32),
  redis: z.string().min(32),
});
export type Secrets = Readonly<z.infer<typeof schema>>;

/** The passwords of the private services: made once for each installation, kept in DATA_DIR/secrets.json (mode 0600). */
export function loadSecrets(dataDir: string): Secrets {
  const file = path.join(dataDir, "secrets.json");
  if (existsSync(file)) return parse(file);
  const secrets: Secrets = { postgresOwner: password(), postgresServer: password(), redis: password() };
  mkdirSync(dataDir, { recursive: true });
  // Renamed into place, so that a kill in between leaves no half-written file.
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

function parse(file: string): Secrets {
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new StartError(
      `${file} cannot be read or is damaged: restore it from a backup, or delete DATA_DIR to start afresh.`,
    );
  }
}

const password = (): string => randomBytes(24).toString("base64url");

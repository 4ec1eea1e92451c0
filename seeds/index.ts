import { connectDatabase } from "../server/platform/db/connect.ts";
import { systemActor } from "../server/platform/db/unit-of-work.ts";
import { readCredentials, writeCredentials } from "./demo/credentials-file.ts";
import { makeDemo } from "./demo/seed-demo.ts";
import { seedReference } from "./reference/index.ts";

export interface SeedOptions {
  /** The application role's; migrated. */
  readonly databaseUrl: string;
  readonly say: (line: string) => void;
}

export interface DemoOptions extends SeedOptions {
  /** Gets credentials.json, mode 0600. */
  readonly dataDir: string;
  /** Where the server will listen: the demo partners' pages come from there and from the two ports after it. */
  readonly port: number;
}

const actor = { ...systemActor, name: "seed" };

/** Calendars, instruments and default limits; adds only what is missing. Every installation needs it. */
export const seedReferenceData = (options: SeedOptions): Promise<void> =>
  withDatabase(options, async (db) => {
    for (const line of await seedReference(db, actor)) options.say(`  added ${line}`);
  });

/**
 * Reference data and the demo: two partners, agents with a commission plan of each model, traders with funded accounts, staff of
 * each role with random passwords in DATA_DIR/credentials.json. Run again, it adds what is missing and says so; what is there stays.
 */
export const seedDemo = (options: DemoOptions): Promise<void> =>
  withDatabase(options, async (db) => {
    const { dataDir, port, say } = options;
    const added = await seedReference(db, actor);
    const credentials = await makeDemo(db, {
      actor,
      port,
      before: readCredentials(dataDir),
      tell: (line) => added.push(line),
    });
    const file = writeCredentials(dataDir, credentials);
    for (const line of added) say(`  added ${line}`);
    say(added.length === 0 ? `  the demo is complete; logins: ${file}` : `  logins: ${file}`);
  });

async function withDatabase(
  options: SeedOptions,
  run: (db: ReturnType<typeof connectDatabase>) => Promise<void>,
): Promise<void> {
  const db = connectDatabase({
    url: options.databaseUrl,
    applicationName: "truewick-seed",
    poolMax: 2,
    statementTimeoutMs: 30_000,
  });
  try {
    await run(db);
  } finally {
    await db.destroy();
  }
}

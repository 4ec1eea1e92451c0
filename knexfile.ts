import type { Knex } from "knex";

/**
 * For `npx knex` by hand. The server migrates by itself at start with the same folder;
 * DATABASE_URL must be the owner of the schema, never the application's own role.
 */
const config: Knex.Config = {
  client: "pg",
  connection: process.env.DATABASE_URL,
  migrations: { directory: "./migrations", extension: "ts", loadExtensions: [".ts"] },
};

export default config;

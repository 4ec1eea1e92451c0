import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { App } from "./compose.ts";
import type { Config } from "./config.ts";
import { systemActor } from "./platform/db/unit-of-work.ts";
import { StartError } from "./platform/embedded/start-error.ts";

/** The last words of a start: where everything is, who may log in, and the line that scripts wait for. */
export async function greet(config: Config, app: App, say: (line: string) => void): Promise<void> {
  await welcomeOperator(config, app, say);
  if (!config.roles.includes("api")) return say(`runs ${config.roles.join(", ")}`);
  const base = `http://localhost:${config.port}`;
  say(`partner's page with the widget  ${base}/demo/`);
  say(`back office                     ${base}/admin/`);
  say(`API                             ${base}/docs`);
  if (config.demo) say(`logins                          ${path.join(config.dataDir, "credentials.json")}`);
  say(`ready ${base}`);
}

/** An empty installation has nobody who may log in: makes the first operator when asked to, else says how. */
async function welcomeOperator(config: Config, app: App, say: (line: string) => void): Promise<void> {
  const { db } = app.shared;
  const [known] = await db("staff").whereNull("tenant_id").where({ role: "admin" }).limit(1).select("id");
  if (known !== undefined) return;
  if (config.firstOperatorEmail === null)
    return say(
      "nobody may log in yet: start once with FIRST_OPERATOR_EMAIL=you@example.com to make the first operator",
    );
  const password = randomBytes(18).toString("base64url");
  const email = config.firstOperatorEmail;
  const made = await app.shared.identity.createStaff(systemActor, {
    tenantId: null,
    role: "admin",
    email,
    name: email.split("@")[0] ?? email,
    password,
  });
  if (!made.ok) throw new StartError(`The first operator ${email} cannot be made: ${made.refusal}.`);
  const file = path.join(config.dataDir, "first-operator.json");
  writeFileSync(file, `${JSON.stringify({ email, password }, null, 2)}\n`, { mode: 0o600 });
  say(`made the first operator ${email}; the password is in ${file} (change it, then delete the file)`);
}

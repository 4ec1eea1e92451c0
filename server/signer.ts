import { ConfigError, readSignerConfig } from "./config.ts";
import { createLog } from "./platform/log.ts";
import { startSigner } from "./roles/signer.ts";

/** `npm run signer`: the process that alone holds keys. SIGNER_FILE names its settings (mode 0600); SIGINT or SIGTERM ends it. */
try {
  const { settingsFile, logLevel } = readSignerConfig();
  const signer = await startSigner(settingsFile, createLog(logLevel));
  process.stdout.write("signer runs\n");
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void signer.stop());
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}

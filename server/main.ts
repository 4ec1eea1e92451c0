export {};

/** Starts the roles named in ROLES. Only the version is looked at here: the rest may not even load on an old Node. */
const nodeMin = [20, 19] as const;
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < nodeMin[0] || (major === nodeMin[0] && minor < nodeMin[1])) {
  process.stderr.write(
    `Truewick needs Node ${nodeMin.join(".")} or newer; this is ${process.versions.node}. Install a newer Node and start again.\n`,
  );
  process.exit(1);
}
const { run } = await import("./run.ts");
await run();

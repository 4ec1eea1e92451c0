#!/usr/bin/env node
// Plain JavaScript, so that `npx truewick-verify` runs in a clone after `npm install`: tsx reads the rest.
import { register } from "tsx/esm/api";

register();
const { main } = await import("../server/truewick-verify.ts");
process.exitCode = await main(process.argv.slice(2));

export { checkSchema } from "./check-schema.ts";
export { joined } from "./joined.ts";
export { compileResources, loadResources } from "./load.ts";
export type { Resource, Resources } from "./model.ts";
export { adminRoutes } from "./mount.ts";
export { openApiDocument } from "./openapi.ts";
export type { AdminPorts } from "./ports.ts";
export { demandReadable } from "./readable.ts";
export type { Command, Commands, Created, WriteRefusal, Writer, Writers } from "./writers.ts";

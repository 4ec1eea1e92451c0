import simpleRestProvider from "ra-data-simple-rest";
import type { DataProvider, Identifier, RaRecord } from "react-admin";
import { HttpError } from "react-admin";
import { z } from "zod";
import { declarationNamed } from "../declarations.ts";
import { formFields } from "./fields.ts";
import { apiPath, request, send } from "./http.ts";
import { handOver, partOf, type Told } from "./told-once.ts";

/** The data provider with the calls that react-admin has no word for. */
export interface DeskDataProvider extends DataProvider {
  /**
   * Runs a declared command on a record. Said twice with the same input before an answer, it is done once. Gives what the
   * answer tells once, if anything.
   */
  readonly runCommand: (
    resource: string,
    id: Identifier,
    command: string,
    input: Record<string, unknown>,
  ) => Promise<Told | null>;
}

/**
 * `ra-data-simple-rest` with our contract around it: an update sends what changed and the version it was based on, a create
 * and a command carry an idempotency key, figures stay the strings they came as.
 */
export function deskDataProvider(): DeskDataProvider {
  const keys = new IdempotencyKeys();
  const rest = simpleRestProvider(apiPath, request);
  const creating = simpleRestProvider(apiPath, (address: string, options = {}) => {
    const headers = new Headers(options.headers);
    headers.set("Idempotency-Key", keys.keyOf(`${address} ${String(options.body)}`));
    return request(address, { ...options, headers });
  });
  return {
    ...rest,
    getList: async (resource, params) => {
      let isEstimated = false;
      const counting = simpleRestProvider(apiPath, async (address: string, options) => {
        const reply = await request(address, options);
        isEstimated = reply.headers.get("X-Total-Estimated") === "true";
        return reply;
      });
      const page = await counting.getList(resource, params);
      return { ...page, meta: { isEstimated } };
    },
    create: async (resource, params) => {
      const reply = await creating.create(resource, params);
      keys.forget(`${apiPath}/${resource} ${JSON.stringify(params.data)}`);
      const { record, told } = partOf(declarationNamed(resource)?.shownOnce, reply.data);
      if (told !== null) handOver(resource, record.id, told);
      return { ...reply, data: record };
    },
    update: (resource, params) => {
      const data = changesOf(resource, params.data, params.previousData);
      return rest.update(resource, { ...params, data });
    },
    runCommand: async (resource, id, command, input) => {
      const path = `${resource}/${encodeURIComponent(id)}/commands/${command}`;
      const said = `${path} ${JSON.stringify(input)}`;
      const answer = await send("POST", path, input, { "Idempotency-Key": keys.keyOf(said) });
      keys.forget(said);
      const declared = declarationNamed(resource)?.commands?.[command]?.shownOnce;
      return partOf(declared, commandAnswer.parse(answer)).told;
    },
  };
}

const commandAnswer = z.looseObject({ id: z.union([z.string(), z.number()]) });

/** One key for each thing said, kept until it is answered, so that trying again can't do it twice. */
class IdempotencyKeys {
  private readonly open = new Map<string, string>();

  keyOf(said: string): string {
    const key = this.open.get(said) ?? crypto.randomUUID();
    this.open.set(said, key);
    return key;
  }

  forget(said: string): void {
    this.open.delete(said);
  }
}

/** The writable fields that differ from what the form began with, and the version that was seen. */
function changesOf(resource: string, next: Partial<RaRecord>, seen: Partial<RaRecord>): Partial<RaRecord> {
  const declaration = declarationNamed(resource);
  if (declaration === undefined) throw new HttpError("desk.error.unknown", 404, null);
  const changed = formFields(declaration, "edit")
    .filter(([name]) => next[name] !== undefined && JSON.stringify(next[name]) !== JSON.stringify(seen[name]))
    .map(([name]) => [name, next[name]] as const);
  const version = declaration.version;
  return { ...Object.fromEntries(changed), ...(version === undefined ? {} : { [version]: seen[version] }) };
}

import type { StaffIdentity } from "#contracts/identity.ts";
import type { Desk } from "./desk.ts";

/** Status and body of an answer. */
export type Answer = readonly [status: number, body: Record<string, unknown> & { errors?: Record<string, string> }];

export interface Sender {
  readonly send: (
    method: string,
    path: string,
    body: unknown,
    headers?: Record<string, string>,
    staff?: StaffIdentity,
  ) => Promise<Answer>;
  readonly command: (path: string, name: string, body: unknown, staff?: StaffIdentity) => Promise<Answer>;
  readonly read: (path: string) => Promise<Answer[1]>;
  readonly lastAudit: (resource: string) => Promise<Record<string, unknown>>;
}

/** Writes of `admin`, or of somebody else where one is given. A text is sent as it is, anything else as JSON. */
export function senderOf(desk: Desk, admin: StaffIdentity): Sender {
  const send: Sender["send"] = async (method, path, body, headers = {}, staff = admin) => {
    const init = { method, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
    const response = await desk.request(staff, path, init);
    return [response.status, (await response.json()) as Answer[1]];
  };
  return {
    send,
    command: (path, name, body, staff) => send("POST", `${path}/commands/${name}`, body, {}, staff),
    read: async (path) => (await (await desk.request(admin, path)).json()) as Answer[1],
    lastAudit: (resource) => desk.database.owner("audit_log").where({ resource }).orderBy("id", "desc").first(),
  };
}

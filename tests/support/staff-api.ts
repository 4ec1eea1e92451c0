import { expect } from "@jest/globals";
import type { RunningTruewick } from "./truewick.ts";

export interface StaffApi {
  /** Runs a declared command of the back office, such as `command("instruments/MES", "set-trade-mode", …)`. */
  readonly command: (record: string, name: string, input: object) => Promise<void>;
  /** Creates a record and answers its id. */
  readonly create: (resource: string, record: object) => Promise<string>;
}

/** The back office's API in an administrator's name. */
export async function staffApi({ url, credentials }: RunningTruewick): Promise<StaffApi> {
  const headers = { "content-type": "application/json", origin: url };
  const post = (path: string, body: object, more: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}/api/admin/${path}`, { method: "POST", headers: { ...headers, ...more }, body: JSON.stringify(body) });
  const login = await post("session", credentials.staff.admin);
  const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
  return {
    command: async (record, name, input) => {
      const answer = await post(`${record}/commands/${name}`, input, { cookie });
      expect([answer.status, await answer.text()]).toEqual([200, expect.anything()]);
    },
    create: async (resource, record) => {
      const answer = await post(resource, record, { cookie });
      const made = await answer.text();
      expect([answer.status, made]).toEqual([201, expect.anything()]);
      return (JSON.parse(made) as { id: string }).id;
    },
  };
}

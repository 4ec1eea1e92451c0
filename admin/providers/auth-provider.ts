import type { AuthProvider } from "react-admin";
import { HttpError } from "react-admin";
import { z } from "zod";
import { locales, staffRoles } from "#contracts/names.ts";
import { declarationNamed } from "../declarations.ts";
import { get, send } from "./http.ts";
import { mayDo, type Viewer } from "./permissions.ts";

const sessionReply = z.object({
  staffId: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(staffRoles),
  locale: z.enum(locales),
  tenantId: z.number().nullable(),
  agentId: z.string().nullable(),
});
export type Session = z.infer<typeof sessionReply>;

const loginInput = z.object({ email: z.string(), password: z.string(), totp: z.string().optional() });

/** Pages that are not resources, and who may open them. */
const pageRoles: Readonly<Record<string, (viewer: Viewer) => boolean>> = {
  "agent-tree": (viewer) => {
    const agents = declarationNamed("agents");
    return agents !== undefined && mayDo(agents, viewer, "list");
  },
};

/**
 * The session is asked for once and remembered; permissions are answered from memory. A 401 of any request forgets it and
 * leads to the login page.
 */
export function deskAuthProvider(): AuthProvider {
  let asked: Promise<Session> | null = null;
  const session = (): Promise<Session> => {
    asked ??= get("session").then((reply) => sessionReply.parse(reply));
    return asked;
  };
  const forget = () => {
    asked = null;
  };
  return {
    login: async (params: unknown) => {
      const { email, password, totp } = loginInput.parse(params);
      await send("POST", "session", { email, password, ...(totp === undefined || totp === "" ? {} : { totp }) });
      forget();
      await session();
    },
    logout: async () => {
      if (asked !== null) await send("DELETE", "session").catch(() => undefined);
      forget();
    },
    checkAuth: async () => {
      await session().catch((error: unknown) => {
        forget();
        throw error;
      });
    },
    checkError: async (error: unknown) => {
      if (!(error instanceof HttpError) || error.status !== 401) return;
      forget();
      throw new HttpError("ra.notification.logged_out", 401, null);
    },
    getIdentity: async () => {
      const { staffId, name, email, role, tenantId, locale } = await session();
      return { id: staffId, fullName: name, email, role, tenantId, locale };
    },
    getPermissions: session,
    canAccess: async ({ resource, action }) => {
      const viewer = await session();
      const declaration = declarationNamed(resource);
      if (declaration !== undefined) return mayDo(declaration, viewer, action);
      return pageRoles[resource]?.(viewer) ?? true;
    },
  };
}

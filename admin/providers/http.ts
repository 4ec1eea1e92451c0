import { fetchUtils, HttpError } from "react-admin";
import { z } from "zod";
import { screenLocale } from "./i18n-provider.ts";

export const apiPath = "/api/admin";

const problemBody = z.object({ message: z.string(), code: z.string().optional(), traceId: z.string().optional() });

/** What the screen says about a failed request. */
export interface Failure {
  /** A sentence of the server, or a translation key. */
  readonly message: string;
  readonly status: number | null;
  readonly code: string | null;
  readonly traceId: string | null;
}

type Options = fetchUtils.Options;
type Reply = Awaited<ReturnType<typeof fetchUtils.fetchJson>>;

/**
 * Requests carry the session cookie and ask for sentences in the language on screen; an unreachable server becomes an HttpError
 * like every other failure.
 */
export async function request(address: string, options: Options = {}): Promise<Reply> {
  const headers = new Headers(options.headers);
  headers.set("Accept-Language", screenLocale());
  // fetchJson adds this one itself, but only to headers of its own making.
  if (!headers.has("Accept")) headers.set("Accept", "application/json");
  try {
    return await fetchUtils.fetchJson(address, { ...options, headers, credentials: "same-origin" });
  } catch (error) {
    if (error instanceof HttpError || (error instanceof DOMException && error.name === "AbortError")) throw error;
    throw new HttpError("desk.error.unreachable", 0, null);
  }
}

/** Sends `body` as JSON and gives the parsed answer. */
export async function send(
  method: "POST" | "DELETE",
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<unknown> {
  const reply = await request(`${apiPath}/${path}`, {
    method,
    headers: new Headers({ ...headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return reply.json;
}

/** Sends a file as it is. */
export async function sendFile(path: string, file: File): Promise<unknown> {
  const headers = new Headers({ "Content-Type": file.type });
  return (await request(`${apiPath}/${path}`, { method: "POST", headers, body: file })).json;
}

export const get = async (path: string): Promise<unknown> => (await request(`${apiPath}/${path}`)).json;

/** Any thrown thing as words for the screen. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof HttpError)) return { message: "desk.error.unknown", status: null, code: null, traceId: null };
  const body = problemBody.safeParse(error.body);
  return {
    message: error.status === 0 ? "desk.error.unreachable" : (body.data?.message ?? "desk.error.unknown"),
    status: error.status,
    code: body.data?.code ?? null,
    traceId: body.data?.traceId ?? null,
  };
}

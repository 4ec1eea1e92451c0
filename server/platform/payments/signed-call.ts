import { isSigned, type Parameters, readTexts, signed } from "./signed-parameters.ts";

const patienceMs = 5_000;

/** Posts signed parameters; the signed answer with its bytes. null: nobody answered, or not so that it can be believed. */
export async function askSigned(
  url: string,
  secret: string,
  parameters: Parameters,
  bytesMax: number,
): Promise<{ readonly told: Parameters; readonly body: Uint8Array } | null> {
  const body = await post(url, signed(parameters, secret), bytesMax);
  const told = body === null ? null : readTexts(body);
  return body === null || told === null || !isSigned(told, secret) ? null : { told, body };
}

async function post(url: string, parameters: Parameters, bytesMax: number): Promise<Uint8Array | null> {
  try {
    const response = await fetch(url, {
      ...{ method: "POST", body: new URLSearchParams({ ...parameters }), redirect: "error" },
      signal: AbortSignal.timeout(patienceMs),
    });
    const body = new Uint8Array(await response.arrayBuffer());
    return response.ok && body.length <= bytesMax ? body : null;
  } catch {
    return null;
  }
}

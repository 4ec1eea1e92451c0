import type { Writable } from "node:stream";
import type { Response } from "express";

/** Sends what `write` writes as a file to save. An error before its first byte is thrown on, to be answered as one. */
export async function attach(
  response: Response,
  { name, type }: { readonly name: string; readonly type: "text/plain" | "text/csv" },
  write: (open: () => Writable) => Promise<void>,
): Promise<void> {
  try {
    await write(() => {
      response.set({
        "Content-Type": `${type}; charset=utf-8`,
        "Content-Disposition": `attachment; filename="${name}"`,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
      });
      return response;
    });
  } catch (error) {
    if (!response.headersSent) throw error;
    // Half a file is out: cutting the connection is the only way left to say that it is not whole.
    response.destroy();
  }
}

import express, { type Request, type RequestHandler, type Response } from "express";
import { attachmentTypes } from "#contracts/attachment-names.ts";
import { attachmentBytesMax } from "#contracts/attachments-api.ts";
import { ProblemError } from "./problem.ts";

type Says = (code: "FILE_TOO_LARGE" | "FILE_TYPE_UNKNOWN", response: Response) => string;

const rawBody = express.raw({ type: () => true, limit: attachmentBytesMax, inflate: false });

/** Refuses what does not even say that it is one of the kinds that are taken; before its body is read. */
export const refuseOtherFiles =
  (says: Says): RequestHandler =>
  (request, response, next) => {
    if (!request.is([...attachmentTypes]))
      throw new ProblemError(415, "UNSUPPORTED_MEDIA_TYPE", says("FILE_TYPE_UNKNOWN", response));
    next();
  };

/** Takes a body as the file that it is, up to the size of an attachment; mounted before bodies are taken for JSON. */
export const fileBody =
  (says: Says): RequestHandler =>
  (request, response, next) =>
    rawBody(request, response, (error?: unknown) => {
      const isLarge = (error as { type?: string } | undefined)?.type === "entity.too.large";
      next(isLarge ? new ProblemError(413, "FILE_TOO_LARGE", says("FILE_TOO_LARGE", response)) : error);
    });

/** The bytes that `fileBody` took. */
export const fileIn = ({ body }: Request): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));

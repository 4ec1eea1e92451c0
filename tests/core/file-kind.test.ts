import { expect, test } from "@jest/globals";
import { fileKindOf } from "#core/file-kind.ts";

test.each([
  ["%PDF-1.7\n", "application/pdf"],
  ["\x89PNG\r\n\x1a\nrest", "image/png"],
  ["\xff\xd8\xff\xe0rest", "image/jpeg"],
  ["%PDF", null],
  ["\x89PNG\r\n\x1a", null],
  ["<svg onload=alert(1)>", null],
  ["PK\x03\x04", null],
  [" %PDF-1.7", null],
  ["", null],
])("%j is %s", (text, kind) => expect(fileKindOf(Buffer.from(text, "latin1"))).toBe(kind));

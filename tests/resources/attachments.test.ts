import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { attachmentBytesMax, type WireAttachment } from "#contracts/attachments-api.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import { type Desk, openDesk } from "./support/desk.ts";
import { aStaff } from "./support/world.ts";

/** Files added to a record: who may, what is taken, and how it comes back. */
let desk: Desk;
let path: string;
beforeAll(async () => {
  desk = await openDesk();
  const { id } = await desk.database.app("adjustments").where({ state: "requested" }).first("id");
  path = `/adjustments/${id}/attachments`;
}, 60_000);
afterAll(() => desk?.close());

const pdf = (more = randomBytes(100)): Buffer => Buffer.concat([Buffer.from("%PDF-1.7\n"), more]);
const finance = aStaff("finance");

async function add(
  staff: StaffIdentity,
  bytes: Buffer,
  { name = "advice.pdf", type = "application/pdf" }: { name?: string; type?: string } = {},
) {
  const response = await fetch(`${desk.url}${path}?name=${encodeURIComponent(name)}`, {
    method: "POST",
    headers: { authorization: `Bearer ${desk.login(staff)}`, "content-type": type },
    body: new Uint8Array(bytes),
  });
  const body = (await response.json()) as { attachment?: WireAttachment; code?: string };
  return { status: response.status, ...body };
}
const listed = async (staff = finance): Promise<WireAttachment[]> =>
  (await (await desk.request(staff, path)).json()).attachments;

test("a file is kept byte by byte, with who added it, and is given back to be saved, never shown", async () => {
  const bytes = pdf();
  const { status, attachment } = await add(finance, bytes, { name: "银行回单 2026.pdf" });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  expect([status, attachment]).toMatchObject([201, { name: "银行回单 2026.pdf", size: bytes.length, sha256 }]);
  expect(await listed()).toEqual([attachment]);
  const response = await desk.request(finance, `${path}/${attachment?.id}`);
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
  expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename=/);
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  const logged = await desk.database.app("audit_log").where({ action: "attach" }).first("actor_name", "after");
  expect(logged).toMatchObject({ actor_name: finance.name, after: { sha256 } });
});

test("the same bytes again are the same attachment", async () => {
  const bytes = pdf();
  const [first, again] = [await add(finance, bytes), await add(finance, bytes, { name: "other.pdf" })];
  expect(again.attachment).toEqual(first.attachment);
});

test.each([
  ["what only calls itself a PDF", Buffer.from("<html><script>"), {}, 422, "FILE_TYPE_UNKNOWN"],
  ["an empty file", Buffer.alloc(0), {}, 422, "FILE_EMPTY"],
  ["a page", pdf(), { type: "text/html" }, 415, "UNSUPPORTED_MEDIA_TYPE"],
  ["more than 5 MB", pdf(Buffer.alloc(attachmentBytesMax)), {}, 413, "FILE_TOO_LARGE"],
  ["a path for a name", pdf(), { name: "../../etc/passwd" }, 422, "INVALID_REQUEST"],
  ["a quote in the name", pdf(), { name: 'a".pdf' }, 422, "INVALID_REQUEST"],
])("%s is refused and nothing is kept", async (_what, bytes, about, status, code) => {
  const before = await listed();
  expect(await add(finance, bytes, about)).toMatchObject({ status, code });
  expect(await listed()).toEqual(before);
});

test("who may not add gets 403, who may not see it 404, and nobody gets a file by another record's address", async () => {
  expect((await add(aStaff("risk"), pdf())).status).toBe(403);
  expect((await desk.request(aStaff("agent"), path)).status).toBe(403);
  const { tenant_id } = await desk.database
    .app("adjustments")
    .where({ id: path.split("/")[2] })
    .first("tenant_id");
  const { alpha, beta } = desk.world;
  const foreign = aStaff("finance", { tenantId: tenant_id === alpha.id ? beta.id : alpha.id });
  expect((await desk.request(foreign, path)).status).toBe(404);
  expect((await add(foreign, pdf())).status).toBe(404);
  const { attachment } = await add(finance, pdf());
  const other = await desk.database
    .app("adjustments")
    .whereNot({ id: path.split("/")[2] })
    .first("id");
  expect((await desk.request(finance, `/adjustments/${other.id}/attachments/${attachment?.id}`)).status).toBe(404);
  expect((await desk.request(finance, `${path}/nonsense`)).status).toBe(404);
});

test("a record has room for twenty", async () => {
  for (let left = 20 - (await listed()).length; left > 0; left -= 1)
    expect((await add(finance, pdf())).status).toBe(201);
  expect(await add(finance, pdf())).toMatchObject({ status: 422, code: "TOO_MANY_FILES" });
});

test("a decided record takes no more, and a kept file can be neither changed nor removed", async () => {
  const rejected = await desk.request(aStaff("admin"), path.replace("attachments", "commands/reject"), {
    method: "POST",
    body: JSON.stringify({ note: "the advice is of another trader" }),
  });
  expect(rejected.status).toBe(200);
  expect(await add(finance, pdf())).toMatchObject({ status: 409, code: "NOT_IN_THIS_STATE" });
  await expect(desk.database.owner("attachments").update({ name: "x" })).rejects.toThrow();
  await expect(desk.database.owner("attachments").delete()).rejects.toThrow();
});

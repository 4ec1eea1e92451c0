import type { RequestHandler } from "express";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { StoryReply } from "#contracts/story.ts";
import { masked } from "#core/mask.ts";
import { assert } from "#core/result.ts";
import type { Resource } from "./model.ts";
import { demand, masksOf, may } from "./permissions.ts";
import type { AdminPorts } from "./ports.ts";
import { notFound, recordIdOf } from "./record-id.ts";
import { staffOf } from "./request-identity.ts";
import { selectOne } from "./rows.ts";

/**
 * What happened to one record, for those who may read it. Money is told only to those who may see the journal, a trader's name as the
 * lists show it, a check's facts to whoever sees the record.
 */
export function storyRoute({ readDb, resources, stories }: AdminPorts, resource: Resource): RequestHandler {
  const tell = stories[resource.name];
  assert(tell !== undefined, `the story of ${resource.name} is not registered`);
  return async (request, response) => {
    const staff = staffOf(response);
    demand(staff, resource, "read");
    const id = recordIdOf(request, resource, staff);
    if ((await selectOne(readDb, resource, staff, id)) === null) throw notFound(staff);
    const journal = resources.get("transfers");
    const seesMoney = journal !== undefined && may(staff, journal, "list");
    const seesNames = !masksTraders(resources, staff);
    const entries = (await tell(id)).map((entry) => ({
      ...entry,
      by: seesNames ? entry.by : withoutName(entry.by),
      transfers: seesMoney ? entry.transfers : [],
    }));
    const reply: StoryReply = { entries };
    response.set("Cache-Control", "no-store").json(reply);
  };
}

type Person = StoryReply["entries"][number]["by"];

const withoutName = (by: Person): Person =>
  by.kind === "trader" && by.name !== null ? { ...by, name: masked(by.name) } : by;

function masksTraders(resources: AdminPorts["resources"], staff: StaffIdentity): boolean {
  const traders = resources.get("traders");
  const name = traders?.declaration.fields.name;
  return traders === undefined || name === undefined || masksOf(staff, traders)(name);
}

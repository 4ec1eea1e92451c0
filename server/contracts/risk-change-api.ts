import { z } from "zod";
import { effectiveSetting, lineTarget, settingName } from "./risk-api.ts";
import { riskDirections } from "./risk-names.ts";

/** One setting of a line that a change writes. Values are as a line has them; null: nothing is said, or nothing is in force. */
const sheetSetting = z.object({
  name: settingName,
  /** What the line says now, and what it would say. */
  own: z.unknown(),
  drafted: z.unknown(),
  /** What would hold here if the line said nothing, with the rest of the change. */
  inherited: effectiveSetting.nullable(),
  /** What is in force here now, and what would be. Null also in a change that has ended: what came after it may hold by now. */
  inForce: effectiveSetting.nullable(),
  planned: effectiveSetting.nullable(),
  direction: z.enum(riskDirections),
});
export type SheetSetting = z.infer<typeof sheetSetting>;

const sheetLine = z.object({
  id: z.uuid(),
  target: lineTarget,
  /** Code of the partner or agent, name of the group or trader; null: everybody. */
  name: z.string().nullable(),
  /** The line of the table; null: there is none yet. */
  limitId: z.uuid().nullable(),
  /** Its newest version when it was drafted and now; 0: none. Where they differ the change can't be applied. */
  seenVersion: z.int(),
  version: z.int(),
  /** Whether it loosens by more than one person alone may. */
  needsSecond: z.boolean(),
  settings: z.array(sheetSetting),
});
export type SheetLine = z.infer<typeof sheetLine>;

/** A change of the risk table as its author looks at it: every line beside what is in force. */
export const changeSheetReply = z.object({
  change: z.uuid(),
  /** Whether the viewer wrote it. */
  isAuthor: z.boolean(),
  /** Loosening by more needs a second person; null: none does. */
  fourEyesAbovePercent: z.int().nullable(),
  lines: z.array(sheetLine),
  /** The rehearsals that played exactly these lines. */
  rehearsedAsItIs: z.array(z.uuid()),
});
export type ChangeSheetReply = z.infer<typeof changeSheetReply>;

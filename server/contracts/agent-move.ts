import { z } from "zod";

/** GET /api/admin/agents/<id>/move-preview?parentId=: what a move would take with it. Without parentId: to the top of the tree. */
export const movePreviewQuery = z.strictObject({ parentId: z.uuid().optional() });

export const movePreviewReply = z.object({
  name: z.string(),
  /** Names of the agents above, nearest first, before and after the move. */
  lineBefore: z.array(z.string()),
  lineAfter: z.array(z.string()),
  /** The agent and all below him. */
  agents: z.number().int(),
  traders: z.number().int(),
  /** Orders that wait; they keep the line of their acceptance. */
  openOrders: z.number().int(),
  /** Commissions not yet settled; they stay with whom they were earned for. */
  unpaidPayouts: z.number().int(),
});
export type MovePreviewReply = z.infer<typeof movePreviewReply>;

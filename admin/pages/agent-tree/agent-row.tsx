import ClosedIcon from "@mui/icons-material/ChevronRight";
import OpenIcon from "@mui/icons-material/ExpandMore";
import { Box, Button, Link } from "@mui/material";
import type { DragEvent, FocusEvent } from "react";
import { useTranslate } from "react-admin";
import { Link as RouterLink } from "react-router-dom";
import type { ChoiceField } from "#contracts/field.ts";
import { declarationNamed } from "../../declarations.ts";
import { ChoiceText } from "../../resource-kit/choice-text.tsx";
import { monoStack } from "../../theme/theme.ts";
import { token } from "../../theme/tokens.ts";
import type { TreeRow } from "./tree-rows.ts";

export interface RowPorts {
  readonly canMove: boolean;
  /** Of the agent that is being moved or dragged; null: none is. */
  readonly movingId: string | null;
  readonly isTarget: (id: string) => boolean;
  readonly toggle: (id: string) => void;
  readonly begin: (id: string | null) => void;
  readonly drop: (parentId: string) => void;
  readonly focused: (id: string) => void;
}

const indentPx = 24;

/** One agent of the tree. What keys do is decided by the tree; the mouse opens, closes, drags and moves. */
export function AgentRow({
  row,
  isActive,
  ports,
}: {
  readonly row: TreeRow;
  readonly isActive: boolean;
  readonly ports: RowPorts;
}) {
  const translate = useTranslate();
  const { agent, depth } = row;
  const id = String(agent.id);
  const isTarget = ports.movingId !== null && ports.isTarget(id);
  const name = String(agent.name);
  return (
    <Box
      role="treeitem"
      data-agent={id}
      aria-level={depth}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-label={`${name} ${String(agent.code)}`}
      aria-selected={ports.movingId === id}
      {...(row.hasBelow ? { "aria-expanded": row.isOpen } : {})}
      tabIndex={isActive ? 0 : -1}
      onFocus={(event: FocusEvent) => event.target === event.currentTarget && ports.focused(id)}
      draggable={ports.canMove}
      onDragStart={(event: DragEvent) => {
        event.dataTransfer.setData("text/plain", name);
        event.dataTransfer.effectAllowed = "move";
        ports.begin(id);
      }}
      onDragEnd={() => ports.begin(null)}
      onDragOver={(event: DragEvent) => isTarget && event.preventDefault()}
      onDrop={(event: DragEvent) => {
        event.preventDefault();
        if (isTarget) ports.drop(id);
      }}
      onClick={() => isTarget && ports.drop(id)}
      sx={{
        ...{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: "0 12px", minHeight: 36, fontSize: 13 },
        ...{ pl: `${(depth - 1) * indentPx}px`, pr: 1, borderRadius: 1, opacity: ports.movingId === id ? 0.55 : 1 },
        ...(isTarget ? { outline: `1px dashed ${token("line")}`, outlineOffset: -2, cursor: "copy" } : {}),
        "&:focus-visible": { outline: "2px solid currentColor", outlineOffset: -2 },
      }}
    >
      <Twisty row={row} toggle={() => ports.toggle(id)} />
      <Link
        component={RouterLink}
        to={`/agents/${encodeURIComponent(id)}/show`}
        underline="hover"
        tabIndex={-1}
        draggable={false}
      >
        {name}
      </Link>
      <Box component="span" sx={{ fontFamily: monoStack, color: token("textMuted") }}>
        {String(agent.code)}
      </Box>
      {stateField !== undefined && <ChoiceText field={stateField} value={String(agent.state)} />}
      {ports.canMove && ports.movingId === null && (
        <Button
          size="small"
          tabIndex={-1}
          aria-label={translate("desk.tree.moveOne", { name })}
          sx={{ ml: "auto" }}
          onClick={() => ports.begin(id)}
        >
          {translate("desk.tree.move")}
        </Button>
      )}
    </Box>
  );
}

/** Opens and closes by mouse; the keyboard does it with the arrows, so that it is no stop of its own. */
function Twisty({ row, toggle }: { readonly row: TreeRow; readonly toggle: () => void }) {
  const Icon = row.isOpen ? OpenIcon : ClosedIcon;
  return (
    <Box
      component="span"
      aria-hidden
      onClick={toggle}
      sx={{
        width: 24,
        height: 24,
        display: "inline-flex",
        visibility: row.hasBelow ? "visible" : "hidden",
        cursor: "pointer",
      }}
    >
      <Icon fontSize="small" sx={{ m: "auto" }} />
    </Box>
  );
}

const stateField = ((): ChoiceField | undefined => {
  const field = declarationNamed("agents")?.fields.state;
  return field?.kind === "choice" ? field : undefined;
})();

import { Box, Button, Card, Skeleton, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { type DragEvent, useRef, useState } from "react";
import { type DataProvider, type RaRecord, Title, useDataProvider, useTranslate } from "react-admin";
import { useNavigate } from "react-router-dom";
import { declarationNamed } from "../../declarations.ts";
import { mayCommand } from "../../providers/permissions.ts";
import { useSession } from "../../resource-kit/hooks.ts";
import { ErrorState } from "../../resource-kit/states.tsx";
import { token } from "../../theme/tokens.ts";
import { AgentRow, type RowPorts } from "./agent-row.tsx";
import { type Move, MoveDialog } from "./move-dialog.tsx";
import { treeKeys } from "./tree-keys.ts";
import { mayGoUnder, treeRows } from "./tree-rows.ts";

const perPage = 200;
const agentsMax = 2_000;

/** Who brought whom: the agents the viewer may see, each below its parent; who may, moves them, after a look at what it changes. */
export function AgentTree() {
  const translate = useTranslate();
  const dataProvider = useDataProvider();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["agents", "tree"],
    queryFn: () => allAgents(dataProvider),
    retry: false,
  });
  const canMove = useCanMove();
  const isCut = (data?.total ?? 0) > agentsMax;
  return (
    <Box sx={{ py: 2, display: "grid", gap: 1, maxWidth: 960, minWidth: 0 }}>
      <Title title={translate("desk.tree.title")} />
      <Typography variant="body2" sx={{ color: token("textMuted") }}>
        {translate(isCut ? "desk.tree.tooMany" : "desk.tree.help", { max: agentsMax })}
        {canMove && ` ${translate("desk.tree.helpMove")}`}
      </Typography>
      <Card sx={{ p: 2, overflowX: "auto" }}>
        {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
        {isPending && error === null && <Skeleton variant="rounded" height={200} />}
        {data?.agents.length === 0 && translate("desk.tree.empty")}
        {data !== undefined && data.agents.length > 0 && (
          <Tree agents={data.agents} canMove={canMove} refresh={() => void refetch()} />
        )}
      </Card>
    </Box>
  );
}

/** Page after page, up to a tree that still fits a screen. */
async function allAgents(dataProvider: DataProvider): Promise<{ agents: RaRecord[]; total: number }> {
  const agents: RaRecord[] = [];
  for (let page = 1; ; page++) {
    const query = { pagination: { page, perPage }, sort: { field: "code", order: "ASC" as const }, filter: {} };
    const { data, total = 0 } = await dataProvider.getList("agents", query);
    agents.push(...data);
    if (data.length < perPage || agents.length >= agentsMax) return { agents, total };
  }
}

function useCanMove(): boolean {
  const session = useSession();
  const command = declarationNamed("agents")?.commands?.move;
  return session !== undefined && command !== undefined && mayCommand(command, session);
}

interface TreeProps {
  readonly agents: readonly RaRecord[];
  readonly canMove: boolean;
  readonly refresh: () => void;
}

function Tree({ agents, canMove, refresh }: TreeProps) {
  const translate = useTranslate();
  const navigate = useNavigate();
  const element = useRef<HTMLDivElement>(null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [activeId, setActive] = useState<string | null>(null);
  const [movingId, begin] = useState<string | null>(null);
  const [move, setMove] = useState<Move | null>(null);
  const rows = treeRows(agents, closed);
  const active = rows.some(({ agent }) => agent.id === activeId) ? activeId : String(rows[0]?.agent.id);
  const focus = (id: string) =>
    element.current?.querySelector<HTMLElement>(`[data-agent="${CSS.escape(id)}"]`)?.focus();
  const toggle = (id: string) =>
    setClosed((was) => (was.has(id) ? new Set([...was].filter((one) => one !== id)) : new Set([...was, id])));
  const drop = (parentId: string | null) => {
    if (movingId === null || !mayGoUnder(agents, movingId, parentId)) return;
    setMove({ agentId: movingId, name: nameOf(agents, movingId), parentId });
    begin(null);
  };
  const isTarget = (id: string) => movingId !== null && mayGoUnder(agents, movingId, id);
  const ports: RowPorts = { canMove, movingId, isTarget, toggle, begin, drop, focused: setActive };
  const open = (id: string) => void navigate(`/agents/${encodeURIComponent(id)}/show`);
  const onKeyDown = treeKeys(rows, { focus, toggle, open, begin, drop, canMove, movingId });
  const end = () => {
    const id = move?.agentId;
    setMove(null);
    if (id !== undefined) setTimeout(() => focus(id));
  };
  return (
    <>
      {canMove && (
        <Moving
          name={movingId === null ? null : nameOf(agents, movingId)}
          toTop={movingId !== null && mayGoUnder(agents, movingId, null) ? () => drop(null) : null}
          cancel={() => begin(null)}
        />
      )}
      <Box ref={element} role="tree" aria-label={translate("desk.tree.title")} onKeyDown={onKeyDown}>
        {rows.map((row) => (
          <AgentRow key={row.agent.id} row={row} isActive={String(row.agent.id) === active} ports={ports} />
        ))}
      </Box>
      {move !== null && (
        <MoveDialog
          move={move}
          close={end}
          done={() => {
            refresh();
            end();
          }}
        />
      )}
    </>
  );
}

const nameOf = (agents: readonly RaRecord[], id: string): string =>
  String(agents.find((agent) => String(agent.id) === id)?.name ?? id);

interface MovingProps {
  /** Null: nobody is being moved; the place is kept, so that nothing jumps while dragging. */
  readonly name: string | null;
  readonly toTop: (() => void) | null;
  readonly cancel: () => void;
}

function Moving({ name, toTop, cancel }: MovingProps) {
  const translate = useTranslate();
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1, minHeight: 40, fontSize: 13 }}>
      <Box role="status" sx={{ flex: "1 1 240px" }}>
        {name !== null && translate("desk.tree.moving", { name })}
      </Box>
      {toTop !== null && (
        <Button
          size="small"
          variant="outlined"
          onClick={toTop}
          onDragOver={(event: DragEvent) => event.preventDefault()}
          onDrop={(event: DragEvent) => {
            event.preventDefault();
            toTop();
          }}
        >
          {translate("desk.tree.top")}
        </Button>
      )}
      {name !== null && (
        <Button size="small" onClick={cancel}>
          {translate("ra.action.cancel")}
        </Button>
      )}
    </Box>
  );
}

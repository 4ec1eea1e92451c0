import { Box, Card, Skeleton, Typography } from "@mui/material";
import { type RaRecord, useCreatePath, useGetList, useGetMany, useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { linkStateLabels } from "#contracts/link-choices.ts";
import type { LinkState } from "#contracts/link-names.ts";
import { shortId } from "../format/figures.ts";
import { token } from "../theme/tokens.ts";
import { useSay } from "./hooks.ts";
import { type GraphEdge, type GraphLink, type GraphNode, layOut } from "./link-graph.ts";
import { ErrorState } from "./states.tsx";

type LinkRecord = RaRecord & GraphLink;

const room = { width: 720, height: 320, beside: 150, above: 34 };
/** Two traders need one line. */
const heightOfTwo = 96;
const linksMost = 200;

/** The group that a link is in, as a picture: who is linked with whom, how strongly, and what was decided. */
export function RecordLinkGroup({ record }: { readonly record: RaRecord }) {
  const { groupId } = record;
  if (typeof groupId !== "string") return <Group links={[record as LinkRecord]} total={1} current={record.id} />;
  return <WholeGroup groupId={groupId} current={record.id} />;
}

function WholeGroup({ groupId, current }: { readonly groupId: string; readonly current: RaRecord["id"] }) {
  const { data, total, error, refetch } = useGetList<LinkRecord>("account-links", {
    filter: { groupId },
    sort: { field: "score", order: "DESC" },
    pagination: { page: 1, perPage: linksMost },
  });
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Skeleton variant="rounded" height={room.height} />;
  return <Group links={data} total={total ?? data.length} current={current} />;
}

interface GroupProps {
  readonly links: readonly LinkRecord[];
  readonly total: number;
  readonly current: RaRecord["id"];
}

function Group({ links, total, current }: GroupProps) {
  const translate = useTranslate();
  const place = { ...room, height: links.length === 1 ? heightOfTwo : room.height };
  const { nodes, edges } = layOut(links, place);
  const { data: traders } = useGetMany<RaRecord>("traders", { ids: nodes.map(({ traderId }) => traderId) });
  const names = new Map(traders?.map(({ id, name }) => [String(id), String(name)]));
  const title = translate("desk.links.graph", { traders: nodes.length, links: links.length });
  return (
    <Card component="section" aria-label={translate("desk.links.group")} sx={{ p: 2, minWidth: 0 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: "2px 12px", alignItems: "baseline", mb: 1 }}>
        <Typography variant="h2">{translate("desk.links.group")}</Typography>
        <Typography variant="body2" sx={{ color: token("textMuted") }}>
          {title} {translate("desk.links.groupHelp")}
          {total > links.length && ` ${translate("desk.links.cut", { count: links.length })}`}
        </Typography>
      </Box>
      <Box
        component="svg"
        viewBox={`0 0 ${place.width} ${place.height}`}
        role="group"
        aria-label={title}
        sx={{ width: "100%", maxWidth: room.width, height: "auto", display: "block", fontSize: 13 }}
      >
        {edges.map((edge) => (
          <Edge key={edge.id} edge={edge} isCurrent={edge.id === current} />
        ))}
        {nodes.map((node) => (
          <Node key={node.traderId} node={node} name={names.get(node.traderId) ?? shortId(node.traderId)} />
        ))}
      </Box>
      <Legend />
    </Card>
  );
}

const looks: Readonly<Record<LinkState, { readonly color: string; readonly dashes: string }>> = {
  open: { color: token("warn"), dashes: "" },
  confirmed: { color: token("danger"), dashes: "" },
  household: { color: token("textFaint"), dashes: "8 5" },
  dismissed: { color: token("textFaint"), dashes: "2 5" },
};

function Edge({ edge, isCurrent }: { readonly edge: GraphEdge; readonly isCurrent: boolean }) {
  const say = useSay();
  const path = useCreatePath();
  const { from, to, state, score, id } = edge;
  const at = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
  const { color, dashes } = looks[state];
  const words = `${Number(score).toFixed(2)} · ${say(linkStateLabels[state])}`;
  const [middleX, middleY] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  return (
    <Link to={path({ resource: "account-links", type: "show", id })} aria-label={words} aria-current={isCurrent}>
      <title>{words}</title>
      <line {...at} stroke="transparent" strokeWidth={16} />
      <line
        {...at}
        stroke={color}
        strokeWidth={1 + 5 * Number(score)}
        strokeDasharray={dashes}
        opacity={isCurrent ? 1 : 0.55}
      />
      <text x={middleX} y={middleY - 6} textAnchor="middle" fill={token("text")} fontWeight={isCurrent ? 700 : 400}>
        {Number(score).toFixed(2)}
      </text>
    </Link>
  );
}

function Node({ node, name }: { readonly node: GraphNode; readonly name: string }) {
  const path = useCreatePath();
  const side = node.x < room.width / 2 - 1 ? "end" : node.x > room.width / 2 + 1 ? "start" : "middle";
  const beside = side === "end" ? -14 : side === "start" ? 14 : 0;
  const below = side === "middle" ? (node.y < room.height / 2 ? -16 : 26) : 5;
  return (
    <Link to={path({ resource: "traders", type: "show", id: node.traderId })} aria-label={name}>
      <circle cx={node.x} cy={node.y} r={9} fill={token("accent")} stroke={token("surfaceRaised")} strokeWidth={2} />
      <text x={node.x + beside} y={node.y + below} textAnchor={side} fill={token("text")}>
        {name.length > 18 ? `${name.slice(0, 17)}…` : name}
      </text>
    </Link>
  );
}

/** Every kind of line by its look and its word. */
function Legend() {
  const say = useSay();
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: "4px 16px", mt: 1 }}>
      {(Object.keys(looks) as LinkState[]).map((state) => (
        <Box key={state} sx={{ display: "flex", gap: 0.75, alignItems: "center" }}>
          <svg width="28" height="8" aria-hidden="true">
            <line
              x1="0"
              y1="4"
              x2="28"
              y2="4"
              stroke={looks[state].color}
              strokeWidth="4"
              strokeDasharray={looks[state].dashes}
            />
          </svg>
          <Typography variant="caption">{say(linkStateLabels[state])}</Typography>
        </Box>
      ))}
    </Box>
  );
}

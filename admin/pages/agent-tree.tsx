import { Box, Card, Link, Skeleton, Typography } from "@mui/material";
import { type RaRecord, Title, useGetList, useTranslate } from "react-admin";
import { Link as RouterLink } from "react-router-dom";
import type { ChoiceField } from "#contracts/field.ts";
import { declarationNamed } from "../declarations.ts";
import { ChoiceText } from "../resource-kit/choice-text.tsx";
import { ErrorState } from "../resource-kit/states.tsx";
import { monoStack } from "../theme/theme.ts";
import { token } from "../theme/tokens.ts";

const agentsMax = 200;
const query = { pagination: { page: 1, perPage: agentsMax }, sort: { field: "code", order: "ASC" as const } };

/** Who brought whom: the agents the viewer may see, each below its parent. */
export function AgentTree() {
  const translate = useTranslate();
  const { data, total = 0, error, isPending, refetch } = useGetList("agents", query, { retry: false });
  return (
    <Box sx={{ py: 2, display: "grid", gap: 1, maxWidth: 960, minWidth: 0 }}>
      <Title title={translate("desk.tree.title")} />
      <Typography variant="body2" sx={{ color: token("textMuted") }}>
        {translate(total > agentsMax ? "desk.tree.tooMany" : "desk.tree.help", { max: agentsMax })}
      </Typography>
      <Card sx={{ p: 2, overflowX: "auto" }}>
        {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
        {isPending && error === null && <Skeleton variant="rounded" height={200} />}
        {data?.length === 0 && translate("desk.tree.empty")}
        {data !== undefined && <Branch agents={data} below={rootsOf(data)} />}
      </Card>
    </Box>
  );
}

/** Tops of what is visible: an agent's own staff do not see what is above him. */
function rootsOf(agents: readonly RaRecord[]): readonly RaRecord[] {
  const ids = new Set(agents.map(({ id }) => id));
  return agents.filter(({ parentId }) => parentId === null || !ids.has(parentId));
}

interface BranchProps {
  readonly agents: readonly RaRecord[];
  readonly below: readonly RaRecord[];
}

function Branch({ agents, below }: BranchProps) {
  if (below.length === 0) return null;
  return (
    <Box
      component="ul"
      sx={{ listStyle: "none", m: 0, pl: 0, "& &": { pl: 2.5, ml: 0.75, borderLeft: `1px solid ${token("line")}` } }}
    >
      {below.map((agent) => (
        <li key={agent.id}>
          <Agent agent={agent} />
          <Branch agents={agents} below={agents.filter(({ parentId }) => parentId === agent.id)} />
        </li>
      ))}
    </Box>
  );
}

function Agent({ agent }: { readonly agent: RaRecord }) {
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: "0 12px", minHeight: 36, fontSize: 13 }}>
      <Link component={RouterLink} to={`/agents/${encodeURIComponent(agent.id)}/show`} underline="hover">
        {String(agent.name)}
      </Link>
      <Box component="span" sx={{ fontFamily: monoStack, color: token("textMuted") }}>
        {String(agent.code)}
      </Box>
      {stateField !== undefined && <ChoiceText field={stateField} value={String(agent.state)} />}
    </Box>
  );
}

const stateField = ((): ChoiceField | undefined => {
  const field = declarationNamed("agents")?.fields.state;
  return field?.kind === "choice" ? field : undefined;
})();

import { Box, Card, Link, Skeleton, Table, TableBody, TableCell, TableHead, TableRow, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type RaRecord, useTranslate } from "react-admin";
import { Link as RouterLink } from "react-router-dom";
import { skip } from "#contracts/commission-fields.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { type SharedFill, type WaterfallLevel, waterfallReply } from "#contracts/waterfall-api.ts";
import { figure, signOf } from "../format/figures.ts";
import { get } from "../providers/http.ts";
import { token } from "../theme/tokens.ts";
import { useSay } from "./hooks.ts";
import { ErrorState } from "./states.tsx";

interface Props {
  readonly declaration: ResourceDeclaration;
  readonly record: RaRecord;
}

/** Who gets what of a fill's fee, level by level, for resources whose page is about a fill or what was earned of it. */
export function RecordWaterfall({ declaration, record }: Props) {
  if (declaration.waterfall === undefined) return null;
  return <Waterfall fillId={String(record[declaration.waterfall])} />;
}

function Waterfall({ fillId }: { readonly fillId: string }) {
  const translate = useTranslate();
  const { data, error, refetch } = useQuery({
    queryKey: ["waterfall", fillId],
    queryFn: async () => waterfallReply.parse(await get(`fills/${encodeURIComponent(fillId)}/waterfall`)),
    retry: false,
  });
  return (
    <Card component="section" aria-label={translate("desk.waterfall.title")} sx={{ p: 2, minWidth: 0 }}>
      <Typography variant="h2" sx={{ mb: 1.5 }}>
        {translate("desk.waterfall.title")}
      </Typography>
      {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton variant="rounded" height={120} />}
      {data?.state === "none" && <Typography variant="body2">{translate(`desk.waterfall.${data.why}`)}</Typography>}
      {data !== undefined && data.state !== "none" && <Shared fill={data} />}
    </Card>
  );
}

function Shared({ fill }: { readonly fill: SharedFill }) {
  const translate = useTranslate();
  const { currency, basisOf, plan, state, bookDate, cap, isCappedAtFee, levels, house } = fill;
  const basis = figure(fill.basis);
  const amounts = [...levels.map(({ amount }) => amount).filter((amount) => signOf(amount) !== 0), house];
  const rest = translate(signOf(house) < 0 ? "desk.waterfall.housePays" : "desk.waterfall.rest");
  const about = { basis, currency, plan: plan?.name ?? "", version: plan?.version ?? 0 };
  return (
    <Box sx={{ display: "grid", gap: 1, minWidth: 0 }}>
      <Typography variant="body2">
        {translate(plan === null ? "desk.waterfall.noPlan" : `desk.waterfall.${basisOf}`, about)}
        {state === "expected" && ` ${translate("desk.waterfall.expected", { bookDate })}`}
        {cap !== null && ` ${translate("desk.waterfall.cap", { cap: figure(cap), currency })}`}
        {isCappedAtFee && ` ${translate("desk.waterfall.cappedAtFee", { fee: figure(fill.fee), currency })}`}
      </Typography>
      <Box sx={{ overflowX: "auto", maxWidth: "100%" }} tabIndex={0}>
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell>{translate("desk.waterfall.level")}</TableCell>
              <TableCell>{translate("desk.waterfall.agent")}</TableCell>
              <TableCell sx={wide}>{translate("desk.waterfall.how")}</TableCell>
              <TableCell align="right">{translate("desk.waterfall.amount", { currency })}</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {levels.map((level) => (
              <LevelRow key={level.level} level={level} fill={fill} />
            ))}
            <TableRow>
              <TableCell>–</TableCell>
              <Whose how={rest}>{translate("desk.waterfall.house")}</Whose>
              <TableCell sx={wide}>{rest}</TableCell>
              <TableCell align="right">{figure(house)}</TableCell>
            </TableRow>
          </TableBody>
        </Table>
      </Box>
      <Typography variant="body2" sx={{ color: token("textMuted"), overflowWrap: "anywhere" }}>
        {translate("desk.waterfall.sum", { parts: summed(amounts), basis, currency })}
      </Typography>
    </Box>
  );
}

/** On a telephone how a share came about stands under its agent, so that the amount stays in sight. */
const wide = { display: { xs: "none", sm: "table-cell" }, whiteSpace: "normal", minWidth: 140 } as const;

/** Whose share it is, and on a telephone how it came about. */
function Whose({ how, children }: { readonly how: string; readonly children: ReactNode }) {
  return (
    <TableCell sx={{ whiteSpace: "normal" }}>
      {children}
      <Box component="span" sx={{ display: { xs: "block", sm: "none" }, color: token("textMuted") }}>
        {how}
      </Box>
    </TableCell>
  );
}

/** "0.56 + 0.37 − 1.03": a house that pays is taken off. */
const summed = (amounts: readonly string[]): string =>
  amounts
    .map((amount, index) =>
      index === 0 ? figure(amount) : signOf(amount) < 0 ? `− ${figure(amount.slice(1))}` : `+ ${figure(amount)}`,
    )
    .join(" ");

function LevelRow({ level, fill }: { readonly level: WaterfallLevel; readonly fill: SharedFill }) {
  const translate = useTranslate();
  const say = useSay();
  const { plan, basis, lots } = fill;
  const place = level.level === 1 ? "first" : "next";
  const how = { rate: level.rate, basis: figure(basis), lots: figure(lots), below: level.level - 1 };
  const words = [
    ...(plan === null ? [] : [translate(`desk.waterfall.${plan.model}-${place}`, how)]),
    ...(level.why === null ? [] : [say(skip.optionLabels[level.why])]),
  ];
  const told = words.join(" · ");
  return (
    <TableRow>
      <TableCell>{level.level}</TableCell>
      <Whose how={told}>
        <AgentName level={level} />
      </Whose>
      <TableCell sx={wide}>{told}</TableCell>
      <TableCell align="right">
        {figure(level.amount)}
        {level.takenBack !== null && (
          <Box component="span" sx={{ display: "block", color: token("textMuted") }}>
            {translate("desk.waterfall.takenBack", { amount: figure(level.takenBack) })}
          </Box>
        )}
      </TableCell>
    </TableRow>
  );
}

function AgentName({ level: { agentId, agentName, isBeyond } }: { readonly level: WaterfallLevel }) {
  const translate = useTranslate();
  if (isBeyond) return <>{translate("desk.waterfall.beyond")}</>;
  if (agentId === null) return <>–</>;
  return (
    <Link component={RouterLink} to={`/agents/${encodeURIComponent(agentId)}/show`} underline="hover">
      {agentName}
    </Link>
  );
}

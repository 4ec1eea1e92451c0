import { Box, Chip, Typography } from "@mui/material";
import { type RaRecord, useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { fundFlowSubjectNames, fundFlowSubjects } from "#contracts/fund-flow.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { declarations } from "../declarations.ts";
import { isFilterable } from "../providers/fields.ts";
import { useMay, useSay, useSession } from "./hooks.ts";

/** The page has the list itself. */
const isShown = ({ shows = [] }: ResourceDeclaration, resource: string, field: string): boolean =>
  shows.some((list) => list.resource === resource && list.through === undefined && list.where[field] === "id");

interface Props {
  readonly declaration: ResourceDeclaration;
  readonly record: RaRecord;
}

/** Lists of what belongs to this record: every declared resource with a reference to it, filtered by it. */
export function RelatedLinks({ declaration, record }: Props) {
  const translate = useTranslate();
  const say = useSay();
  const may = useMay();
  const session = useSession();
  const links = declarations
    .filter((other) => may(other.name, "list"))
    .flatMap((other) =>
      Object.entries(other.fields)
        .filter(([, field]) => field.kind === "ref" && field.to === declaration.name && isFilterable(field))
        .filter(([name]) => !isShown(declaration, other.name, name))
        .map(([name, field], _, found) => ({
          key: `${other.name}.${name}`,
          to: `/${other.name}?filter=${encodeURIComponent(JSON.stringify({ [name]: record.id }))}`,
          label:
            found.length === 1 && other !== declaration ? say(other.label) : `${say(other.label)}: ${say(field.label)}`,
        })),
    );
  const flows = fundFlowSubjectNames
    .filter((name) => fundFlowSubjects[name].resource === declaration.name)
    .filter((name) => session !== undefined && fundFlowSubjects[name].roles.includes(session.role));
  for (const name of flows)
    links.push({
      key: `fund-flow.${name}`,
      to: `/fund-flow?of=${name}&id=${encodeURIComponent(record.id)}`,
      label:
        flows.length === 1
          ? translate("desk.fundFlow.title")
          : `${translate("desk.fundFlow.title")}: ${translate(`desk.fundFlow.subjects.${name}`)}`,
    });
  if (links.length === 0) return null;
  return (
    <Box
      component="nav"
      aria-label={translate("desk.show.related")}
      sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}
    >
      <Typography variant="h2">{translate("desk.show.related")}</Typography>
      {links.map(({ key, to, label }) => (
        <Chip key={key} label={label} component={Link} to={to} clickable variant="outlined" />
      ))}
    </Box>
  );
}

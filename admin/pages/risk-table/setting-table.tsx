import { Box, Card, Link, Table, TableBody, TableCell, TableHead, TableRow, Typography } from "@mui/material";
import { Fragment } from "react";
import { useTranslate } from "react-admin";
import { Link as RouterLink } from "react-router-dom";
import { limitScopeLabels } from "#contracts/choices.ts";
import type { PathLevel } from "#contracts/risk-api.ts";
import { riskSettingFields } from "#contracts/risk-fields.ts";
import type { RiskSetting } from "#contracts/risk-names.ts";
import { useSay } from "../../resource-kit/hooks.ts";
import { token } from "../../theme/tokens.ts";
import { isSame } from "./cell-text.ts";
import { HeldValue } from "./held-value.tsx";
import { SettingCell } from "./setting-cell.tsx";
import { mayCarry, type SettingGroup, settingGroups } from "./setting-groups.ts";
import type { Changes } from "./use-level-changes.ts";

export interface CellChange {
  readonly level: number;
  readonly name: RiskSetting;
  readonly value: unknown;
}

interface Props {
  readonly levels: readonly PathLevel[];
  readonly changes: Changes;
  /** What the draft that is written into says already. */
  readonly drafted: Changes;
  readonly fault: { readonly level: number; readonly name: RiskSetting | null } | null;
  readonly isReadOnly: boolean;
  readonly change: (change: CellChange) => void;
}

/** A row for each setting, a column for each level on the way to the trader, and what holds for him with where it comes from. */
export function SettingTable(props: Props) {
  const { levels } = props;
  const translate = useTranslate();
  const say = useSay();
  return (
    <Card sx={{ minWidth: 0 }}>
      <Box sx={{ overflowX: "auto" }} tabIndex={0}>
        <Table
          size="small"
          sx={{ "& td, & th": { px: 0.5, py: 0 }, "& td:first-of-type, & th:first-of-type": { pl: 2 }, ...named }}
        >
          <TableHead>
            <TableRow>
              <TableCell sx={{ minWidth: { xs: 120, sm: 190 } }}>{translate("desk.riskTable.setting")}</TableCell>
              {levels.map((level) => (
                <TableCell key={keyOf(level)} align="right" sx={{ minWidth: 120, py: "6px !important" }}>
                  <Head level={level} says={say(limitScopeLabels[level.target.scope])} />
                </TableCell>
              ))}
              <TableCell sx={{ minWidth: 170, pl: "16px !important" }}>{translate("desk.riskTable.inForce")}</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {(Object.keys(settingGroups) as SettingGroup[]).map((group) => (
              <Fragment key={group}>
                <TableRow>
                  <TableCell colSpan={levels.length + 2} sx={{ pt: "12px !important", border: 0 }}>
                    <Typography variant="h3" component="h2" sx={{ fontSize: 13 }}>
                      {translate(`desk.riskTable.groups.${group}`)}
                    </Typography>
                  </TableCell>
                </TableRow>
                {settingGroups[group].map((name) => (
                  <SettingRow key={name} name={name} {...props} />
                ))}
              </Fragment>
            ))}
          </TableBody>
        </Table>
      </Box>
    </Card>
  );
}

/** The settings' names stay in sight while the levels are scrolled. */
const named = {
  "& th:first-of-type": {
    ...{ position: "sticky", left: 0, zIndex: 1, backgroundColor: token("surfaceRaised") },
    whiteSpace: { xs: "normal", sm: "nowrap" },
  },
} as const;

const keyOf = ({ target }: PathLevel): string => `${target.scope} ${target.agentId ?? ""}`;

/** Whose level it is; the line's own page where there is one. */
function Head({ level, says }: { readonly level: PathLevel; readonly says: string }) {
  return (
    <>
      <Box component="span" sx={{ display: "block", color: token("textMuted"), fontSize: 12 }}>
        {says}
      </Box>
      {level.limitId === null ? (
        (level.name ?? "")
      ) : (
        <Link component={RouterLink} to={`/risk-limits/${level.limitId}/show`} underline="hover">
          {level.name ?? "*"} v{level.version}
        </Link>
      )}
    </>
  );
}

function SettingRow({
  name,
  levels,
  changes,
  drafted,
  fault,
  isReadOnly,
  change,
}: Props & { readonly name: RiskSetting }) {
  const translate = useTranslate();
  const say = useSay();
  const label = say(riskSettingFields[name].label);
  const held = levels.at(-1)?.inForce.find((one) => one.name === name);
  return (
    <TableRow hover data-setting={name}>
      <TableCell component="th" scope="row" sx={{ fontWeight: 400 }}>
        {label}
      </TableCell>
      {levels.map((level, place) => {
        const own = level.own[name] ?? null;
        const said = [changes[place], drafted[place]].find((one) => one !== undefined && name in one);
        const value = said === undefined ? own : said[name];
        const wider = level.inherited.find((one) => one.name === name)?.value ?? null;
        return (
          <TableCell
            key={keyOf(level)}
            data-level={level.target.scope}
            sx={{
              borderLeft: `1px solid ${token("line")}`,
              ...(mayCarry(name, level) ? {} : { bgcolor: token("surfaceSunken") }),
            }}
          >
            {mayCarry(name, level) ? (
              <SettingCell
                name={name}
                label={`${label}, ${say(limitScopeLabels[level.target.scope])} ${level.name ?? ""}`}
                value={value ?? null}
                inherited={level.target.scope === "self" ? null : wider}
                isChanged={!isSame(value, own)}
                fault={fault?.level === place && fault.name === name}
                isReadOnly={isReadOnly || level.target.scope === "self"}
                change={(next) => change({ level: place, name, value: next })}
              />
            ) : null}
          </TableCell>
        );
      })}
      <TableCell sx={{ pl: "16px !important" }}>
        {held === undefined ? (
          <Box component="span" sx={{ color: token("textMuted") }}>
            {translate("desk.riskTable.noLimit")}
          </Box>
        ) : (
          <HeldValue name={name} held={held} />
        )}
      </TableCell>
    </TableRow>
  );
}

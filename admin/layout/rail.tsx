import AccountTreeIcon from "@mui/icons-material/AccountTreeOutlined";
import QueueIcon from "@mui/icons-material/FactCheckOutlined";
import RadarIcon from "@mui/icons-material/Radar";
import SwapVertIcon from "@mui/icons-material/SwapVert";
import TableChartIcon from "@mui/icons-material/TableChart";
import { Box, Typography } from "@mui/material";
import { Fragment } from "react";
import { Menu, useSidebarState, useTranslate } from "react-admin";
import { exposureRoles } from "#contracts/exposure.ts";
import { fundFlowSubjects } from "#contracts/fund-flow.ts";
import type { ResourceGroup } from "#contracts/resource.ts";
import { declarations, groups } from "../declarations.ts";
import { mayWork } from "../providers/permissions.ts";
import { useMay, useSay, useSession } from "../resource-kit/hooks.ts";
import { token } from "../theme/tokens.ts";
import { rankOf } from "./resource-icons.ts";

/** The left rail: the dashboard, then what the viewer may list, by group. */
export function Rail() {
  const may = useMay();
  return (
    <Menu sx={{ pb: 4 }}>
      <Menu.DashboardItem />
      {groups.map((group) => (
        <Group key={group} group={group} may={may} />
      ))}
    </Menu>
  );
}

interface GroupProps {
  readonly group: ResourceGroup;
  readonly may: ReturnType<typeof useMay>;
}

function Group({ group, may }: GroupProps) {
  const translate = useTranslate();
  const say = useSay();
  const [isOpen] = useSidebarState();
  const session = useSession();
  const mayFollow = session !== undefined && fundFlowSubjects.trader.roles.includes(session.role);
  const members = declarations.filter((declaration) => declaration.group === group && may(declaration.name, "list"));
  members.sort((one, other) => rankOf(one.name) - rankOf(other.name));
  if (members.length === 0) return null;
  return (
    <Box role="group" aria-label={translate(`desk.groups.${group}`)}>
      {isOpen ? (
        <Typography
          variant="caption"
          component="p"
          aria-hidden
          sx={{ m: 0, px: 2, pt: 1.5, pb: 0.5, color: token("textMuted"), fontWeight: 600 }}
        >
          {translate(`desk.groups.${group}`)}
        </Typography>
      ) : (
        <Box sx={{ borderTop: `1px solid ${token("line")}`, my: 1 }} />
      )}
      {group === "desk" && session !== undefined && exposureRoles.includes(session.role) && (
        <Menu.Item to="/exposure" primaryText={translate("desk.exposureDesk.title")} leftIcon={<RadarIcon />} />
      )}
      {group === "risk" && may("risk-limits", "list") && (
        <Menu.Item to="/risk-table" primaryText={translate("desk.riskTable.title")} leftIcon={<TableChartIcon />} />
      )}
      {members.map((declaration) => (
        <Fragment key={declaration.name}>
          <Menu.ResourceItem name={declaration.name} />
          {declaration.queue !== undefined && session !== undefined && mayWork(declaration, session) && (
            <Menu.Item
              to={`/queue/${declaration.name}`}
              primaryText={say(declaration.queue.label)}
              leftIcon={<QueueIcon />}
              sx={{ pl: isOpen ? 4 : undefined }}
            />
          )}
        </Fragment>
      ))}
      {group === "money" && mayFollow && (
        <Menu.Item to="/fund-flow" primaryText={translate("desk.fundFlow.title")} leftIcon={<SwapVertIcon />} />
      )}
      {group === "agents" && (
        <Menu.Item to="/agent-tree" primaryText={translate("desk.tree.title")} leftIcon={<AccountTreeIcon />} />
      )}
    </Box>
  );
}

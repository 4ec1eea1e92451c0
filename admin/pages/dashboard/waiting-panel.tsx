import { Box, Link } from "@mui/material";
import { useTranslate } from "react-admin";
import { Link as RouterLink } from "react-router-dom";
import type { DashboardReply } from "#contracts/dashboard.ts";
import { figure } from "../../format/figures.ts";
import { Time } from "../../resource-kit/field-view.tsx";
import { useSay } from "../../resource-kit/hooks.ts";
import { token } from "../../theme/tokens.ts";
import { Panel, PanelWords } from "./panel.tsx";

/** What waits for a person, oldest first; each line leads to the records. */
export function WaitingPanel({ waiting }: { readonly waiting: DashboardReply["waiting"] }) {
  const translate = useTranslate();
  const say = useSay();
  return (
    <Panel title={translate("desk.dashboard.waiting")}>
      {waiting.length === 0 && <PanelWords>{translate("desk.dashboard.nothingWaits")}</PanelWords>}
      <Box
        component="ul"
        sx={{
          listStyle: "none",
          m: 0,
          px: 2,
          pb: waiting.length === 0 ? 0 : 1.5,
          display: "grid",
          gap: 1,
          fontSize: 13,
        }}
      >
        {waiting.map(({ resource, filter, label, count, oldestAt }) => (
          <Box component="li" key={`${resource} ${label[0]}`} sx={{ display: "flex", flexWrap: "wrap", gap: "0 12px" }}>
            <Link component={RouterLink} to={`/${resource}?filter=${encodeURIComponent(JSON.stringify(filter))}`}>
              {say(label)}
              {translate("desk.colon")}
              {figure(count)}
            </Link>
            {oldestAt !== null && (
              <Box component="span" sx={{ color: token("textMuted") }}>
                <Time iso={oldestAt} />
              </Box>
            )}
          </Box>
        ))}
      </Box>
    </Panel>
  );
}

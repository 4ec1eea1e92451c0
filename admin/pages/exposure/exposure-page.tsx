import { Box, Tab, Tabs } from "@mui/material";
import { Title, useStore, useTranslate } from "react-admin";
import { useLocation, useNavigate } from "react-router-dom";
import { exposureRoles } from "#contracts/exposure.ts";
import type { Book } from "#contracts/names.ts";
import { useSession } from "../../resource-kit/hooks.ts";
import { BookSwitch } from "../dashboard/book-switch.tsx";
import { PanelWords } from "../dashboard/panel.tsx";
import { ExposureDesk } from "./exposure-desk.tsx";
import { StressBench } from "./stress/stress-bench.tsx";

const live = "/exposure";
const stress = "/exposure/stress";

/** The exposure desk: what the house stands against now, and what a shock would make of it. */
export function ExposurePage() {
  const translate = useTranslate();
  const session = useSession();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [book, setBook] = useStore<Book>("dashboard.book", "live");
  const isStress = pathname.startsWith(stress);
  if (session === undefined) return null;
  return (
    <Box sx={{ py: 2, display: "grid", gap: 2, minWidth: 0 }}>
      <Title title={translate("desk.exposureDesk.title")} />
      {exposureRoles.includes(session.role) ? (
        <>
          <Box
            sx={{ display: "flex", flexWrap: "wrap", gap: 1, justifyContent: "space-between", alignItems: "center" }}
          >
            <Tabs value={isStress ? stress : live} onChange={(_event, path: string) => navigate(path)}>
              <Tab value={live} label={translate("desk.exposureDesk.live")} />
              <Tab value={stress} label={translate("desk.exposureDesk.stress")} />
            </Tabs>
            <BookSwitch book={book} choose={setBook} />
          </Box>
          {isStress ? <StressBench book={book} /> : <ExposureDesk book={book} />}
        </>
      ) : (
        <PanelWords>{translate("ra.message.access_denied")}</PanelWords>
      )}
    </Box>
  );
}

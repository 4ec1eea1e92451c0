import { Box, Table, TableBody, TableCell, TableHead, TableRow, Typography } from "@mui/material";
import { useTranslate } from "react-admin";
import type { z } from "zod";
import type { linkEvidence } from "#contracts/json-schemas.ts";
import { linkSignalLabels } from "#contracts/link-choices.ts";
import { token } from "../theme/tokens.ts";
import { useSay } from "./hooks.ts";

type Sign = z.infer<typeof linkEvidence>[number];

const columns = ["weight", "rarity", "recency", "regularity", "kind", "points"] as const;
const figures = (sign: Sign): readonly number[] => [
  ...[sign.weight, sign.rarity, sign.recency, sign.regularity, sign.factor, sign.points],
];

/** What a link's score comes from: each sign with its value, how rare and how recent it is, and what it brought. */
export function LinkEvidence({ value }: { readonly value: readonly Sign[] }) {
  const translate = useTranslate();
  if (value.length === 0) return <Typography variant="body2">{translate("desk.links.none")}</Typography>;
  return (
    <Box sx={{ display: "grid", gap: 1, minWidth: 0 }}>
      <Box sx={{ overflowX: "auto", maxWidth: "100%" }} tabIndex={0}>
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell>{translate("desk.links.sign")}</TableCell>
              <TableCell sx={wide}>{translate("desk.links.value")}</TableCell>
              {columns.map((column) => (
                <TableCell key={column} align="right" sx={column === "points" ? {} : wide}>
                  {translate(`desk.links.${column}`)}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {value.map((sign) => (
              <SignRow key={sign.signal} sign={sign} />
            ))}
          </TableBody>
        </Table>
      </Box>
      <Typography variant="caption" sx={{ color: token("textMuted") }}>
        {translate("desk.links.how")}
      </Typography>
    </Box>
  );
}

/** On a telephone the parts stand under their sign. */
const wide = { display: { xs: "none", sm: "table-cell" } } as const;

function SignRow({ sign }: { readonly sign: Sign }) {
  const say = useSay();
  const about = useAbout(sign);
  const parts = figures(sign);
  return (
    <TableRow>
      <TableCell sx={{ whiteSpace: "normal", minWidth: 140 }}>
        {say(linkSignalLabels[sign.signal])}
        <Typography variant="caption" component="span" sx={{ display: "block", color: token("textMuted") }}>
          {about}
        </Typography>
      </TableCell>
      <TableCell sx={wide}>{sign.shown === "" ? "–" : sign.shown}</TableCell>
      {parts.map((part, place) => (
        <TableCell key={columns[place]} align="right" sx={place === parts.length - 1 ? { fontWeight: 600 } : wide}>
          {part.toFixed(2)}
        </TableCell>
      ))}
    </TableRow>
  );
}

/** "2 accounts have it · on 3 days · last with both 4 days ago". */
function useAbout({ sharers, days, ageDays }: Sign): string {
  const translate = useTranslate();
  return [
    translate("desk.links.sharers", { smart_count: sharers }),
    ...(days === null ? [] : [translate("desk.links.days", { smart_count: days })]),
    ...(days === null
      ? []
      : [ageDays === 0 ? translate("desk.links.today") : translate("desk.links.age", { smart_count: ageDays })]),
  ].join(" · ");
}

import { Box, Card, CardActionArea, Skeleton, Typography } from "@mui/material";
import { type RaRecord, useCreatePath, useListContext } from "react-admin";
import { Link } from "react-router-dom";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { columnFields, type NamedField } from "../providers/fields.ts";
import { token } from "../theme/tokens.ts";
import { FieldView } from "./field-view.tsx";
import { useDeclaration, useSay, useScreenLocale } from "./hooks.ts";
import { titleFields, titleOf } from "./record-title.ts";
import { EmptyState } from "./states.tsx";

const factsOnCard = 6;

/** The rows of a list on a phone or tablet: the record's name, then its first facts. */
export function RecordCards() {
  const declaration = useDeclaration();
  const { data, isPending } = useListContext();
  if (isPending) return <Skeleton variant="rounded" height={320} />;
  if (data === undefined || data.length === 0) return <EmptyState />;
  return (
    <Box sx={{ display: "grid" }}>
      {data.map((record) => (
        <RecordCard key={record.id} record={record} declaration={declaration} />
      ))}
    </Box>
  );
}

/** The fields of a card: the first columns of the list without the one that is its name. */
const factsOf = (declaration: ResourceDeclaration): readonly NamedField[] =>
  columnFields(declaration)
    .filter(([name]) => declaration.list.includes(name) && !titleFields(declaration).includes(name))
    .slice(0, factsOnCard);

interface CardProps {
  readonly record: RaRecord;
  readonly declaration: ResourceDeclaration;
}

function RecordCard({ record, declaration }: CardProps) {
  const say = useSay();
  const path = useCreatePath();
  const to = path({ resource: declaration.name, type: "show", id: record.id });
  const locale = useScreenLocale();
  return (
    <Card sx={{ border: 0, borderRadius: 0, borderBottom: `1px solid ${token("line")}`, position: "relative" }}>
      <CardActionArea component={Link} to={to} sx={{ px: 1.5, pt: 1, pb: 0.5 }}>
        <Typography variant="h2" component="span" sx={{ overflowWrap: "anywhere" }}>
          {titleOf(declaration, record, locale)}
        </Typography>
      </CardActionArea>
      <Box
        component="dl"
        sx={{
          m: 0,
          px: 1.5,
          pb: 1,
          display: "grid",
          gridTemplateColumns: "repeat(auto-fill, minmax(140px, 1fr))",
          gap: "4px 12px",
        }}
      >
        {factsOf(declaration).map(([name, field]) => (
          <Box key={name} sx={{ minWidth: 0 }}>
            <Typography component="dt" variant="caption" sx={{ color: token("textMuted") }}>
              {say(field.label)}
            </Typography>
            <Typography component="dd" variant="body2" sx={{ m: 0, overflowWrap: "anywhere" }}>
              <FieldView name={name} field={field} record={record} />
            </Typography>
          </Box>
        ))}
      </Box>
    </Card>
  );
}

import { Box } from "@mui/material";
import { token } from "../theme/tokens.ts";

/** Any value of a document: lists by lines, objects by their names, never as program text. */
export function NestedValue({ value }: { readonly value: unknown }) {
  if (value === null || value === undefined || value === "") return <>–</>;
  if (Array.isArray(value)) return value.length === 0 ? <>–</> : <Items items={value} />;
  if (typeof value === "object") return <Members members={Object.entries(value)} />;
  return <>{String(value)}</>;
}

function Items({ items }: { readonly items: readonly unknown[] }) {
  const keyed = items.map((item, place) => ({ item, key: `${place} ${JSON.stringify(item)}` }));
  return (
    <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 0.5 }}>
      {keyed.map(({ item, key }) => (
        <li key={key}>
          <NestedValue value={item} />
        </li>
      ))}
    </Box>
  );
}

function Members({ members }: { readonly members: readonly [string, unknown][] }) {
  return (
    <Box component="span" sx={{ display: "inline-flex", flexWrap: "wrap", gap: "0 12px" }}>
      {members.map(([name, value]) => (
        <span key={name}>
          <Box component="span" sx={{ color: token("textMuted") }}>
            {name}
          </Box>{" "}
          <NestedValue value={value} />
        </span>
      ))}
    </Box>
  );
}

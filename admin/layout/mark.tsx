import { Box } from "@mui/material";

/** The mark: a candle whose lower wick turns into a tick. One colour, the text's. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <Box
      component="svg"
      viewBox="0 0 32 32"
      aria-hidden
      sx={{
        width: size,
        height: size,
        flex: "none",
        fill: "none",
        stroke: "currentColor",
        strokeWidth: 3,
        strokeLinecap: "round",
        strokeLinejoin: "round",
      }}
    >
      <path d="M14 2.5V7M11 7h6a2.5 2.5 0 0 1 2.500 2.500v7a2.500 2.500 0 0 1-2.500 2.500h-6a2.500 2.500 0 0 1-2.500-2.500v-7A2.500 2.500 0 0 1 11 7ZM9.500 24.500l4.500 4.500L25 17" />
    </Box>
  );
}

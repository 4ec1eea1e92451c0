import { Box, Button } from "@mui/material";
import { useState } from "react";
import type { RaRecord } from "react-admin";
import type { CommandDeclaration, ResourceDeclaration } from "#contracts/resource.ts";
import { mayCommand } from "../providers/permissions.ts";
import { CommandPanel } from "./command-panel.tsx";
import { useSay, useSession } from "./hooks.ts";
import { usePageKeys } from "./page-keys.ts";

interface Props {
  readonly declaration: ResourceDeclaration;
  readonly record: RaRecord;
  /** Whether the letters that the declaration gives them work too. */
  readonly byKeys?: boolean;
}

/** The commands that this viewer may give to this record in its present state. */
export function CommandButtons({ declaration, record, byKeys = false }: Props) {
  const say = useSay();
  const session = useSession();
  const [open, setOpen] = useState<string | null>(null);
  const allowed = Object.entries(declaration.commands ?? {}).filter(
    ([, command]) =>
      session !== undefined && command.inPlace !== true && mayCommand(command, session) && fits(command.when, record),
  );
  usePageKeys(byKeys, (key) => {
    const [name] = allowed.find(([, command]) => command.key === key) ?? [];
    if (name !== undefined) setOpen(name);
    return name !== undefined;
  });
  const [, running] = allowed.find(([name]) => name === open) ?? [];
  return (
    <>
      {allowed.map(([name, command]) => (
        <Button
          key={name}
          size="small"
          variant={command.danger === true ? "outlined" : "contained"}
          color={command.danger === true ? "error" : "primary"}
          onClick={() => setOpen(name)}
        >
          {say(command.label)}
          {byKeys && command.key !== undefined && <Key letter={command.key} />}
        </Button>
      ))}
      {open !== null && running !== undefined && (
        <CommandPanel
          declaration={declaration}
          record={record}
          name={open}
          command={running}
          close={() => setOpen(null)}
        />
      )}
    </>
  );
}

/** The letter that gives a command, behind its name. */
const Key = ({ letter }: { readonly letter: string }) => (
  <Box
    component="kbd"
    aria-hidden
    sx={{ ml: 1, px: 0.5, border: "1px solid currentColor", borderRadius: 0.5, fontSize: 11 }}
  >
    {letter.toUpperCase()}
  </Box>
);

/** Whether a record is in the state for it. */
export const fits = (when: CommandDeclaration["when"], record: RaRecord): boolean =>
  when === undefined || when.in.includes(String(record[when.field]));

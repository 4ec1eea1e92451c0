import { Button } from "@mui/material";
import { useState } from "react";
import type { RaRecord } from "react-admin";
import type { CommandDeclaration, ResourceDeclaration } from "#contracts/resource.ts";
import { mayCommand } from "../providers/permissions.ts";
import { CommandPanel } from "./command-panel.tsx";
import { useSay, useSession } from "./hooks.ts";

interface Props {
  readonly declaration: ResourceDeclaration;
  readonly record: RaRecord;
}

/** The commands that this viewer may give to this record in its present state. */
export function CommandButtons({ declaration, record }: Props) {
  const say = useSay();
  const session = useSession();
  const [open, setOpen] = useState<string | null>(null);
  if (session === undefined) return null;
  const allowed = Object.entries(declaration.commands ?? {}).filter(
    ([, command]) => mayCommand(command, session) && fits(command.when, record),
  );
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

/** Whether a record is in the state for it. */
export const fits = (when: CommandDeclaration["when"], record: RaRecord): boolean =>
  when === undefined || when.in.includes(String(record[when.field]));

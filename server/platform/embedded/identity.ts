import { readFileSync, statSync } from "node:fs";
import path from "node:path";

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Whom PostgreSQL runs as. It refuses uid 0, so root drops to the owner of an existing data directory, else to the
 * user postgres or nobody (no user is ever made). Null: we are an ordinary user, who runs it himself.
 */
export function postgresUser(existingDataDir: string | null): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  if (existingDataDir !== null) {
    const { uid, gid } = statSync(existingDataDir);
    if (uid !== 0) return { uid, gid };
  }
  return userNamed("postgres") ?? userNamed("nobody") ?? { uid: 65_534, gid: 65_534 };
}

function userNamed(name: string): SystemUser | null {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}

const searchByOwner = 0o100;
const searchByGroup = 0o010;
const searchByOthers = 0o001;

/** Whether `user` can walk into every folder above `target` (root's home, for one, is closed to all others). */
export function canReach(target: string, user: SystemUser): boolean {
  for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const needed = uid === user.uid ? searchByOwner : gid === user.gid ? searchByGroup : searchByOthers;
    if ((mode & needed) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

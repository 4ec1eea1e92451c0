/** A machine on which an export is alone. */
export const noWait = { isQuiet: () => Promise.resolve(true), yield: () => Promise.resolve() };

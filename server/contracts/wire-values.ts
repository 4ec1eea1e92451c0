import { z } from "zod";

/** Values of the trader side as text. Money, lots and prices are decimals in major units. */
export const decimal = z
  .string()
  .max(40)
  .regex(/^-?(0|[1-9]\d*)(\.\d+)?$/, "must be a plain decimal such as 12.50");
export const positiveWhole = z
  .string()
  .max(18)
  .regex(/^[1-9]\d*$/, "must be a whole number of lots such as 1");
export const instant = z.iso.datetime();

export { type ComparedBank, type ComparedPayment, compareBank, type FoundIn } from "./compare-bank.ts";

/**
 * What expressions do with values. Inngest bends CEL in one respect, and so do we: a path that leads nowhere (here
 * `undefined`) is no error but an unknown, and null counts as the zero value of whatever it is compared with.
 */
import { isDeepStrictEqual } from "node:util";

/** A member of an object or list; undefined, not an error, where there is none. */
export function member(owner: unknown, key: unknown): unknown {
  if (typeof owner !== "object" || owner === null) return undefined;
  return Object.hasOwn(owner, String(key)) ? (owner as Record<string, unknown>)[String(key)] : undefined;
}

export function isTruthy(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== "" && value !== 0;
}

export function size(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}

export function combine(sign: string, left: unknown, right: unknown): unknown {
  switch (sign) {
    case "&&":
      return isTruthy(left) ? right : left;
    case "||":
      return isTruthy(left) ? left : right;
    case "==":
      return equals(left, right);
    case "!=":
      return differs(left, right);
    case "in":
      return Array.isArray(right)
        ? right.some((item) => equals(left, item))
        : member(right, left) !== undefined;
    case "+":
      return add(left, right);
    case "-":
      return subtract(left, right);
    default:
      return order(sign, left, right);
  }
}

export function subtract(left: unknown, right: unknown): number {
  if (typeof left !== "number" || typeof right !== "number")
    throw new Error("Only numbers can be subtracted");
  return left - right;
}

/** Two unknowns are not equal: `event.data.x == async.data.x` must not hold because neither has an x. */
function equals(left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return left === null || right === null;
  return isDeepStrictEqual(left, right);
}

function differs(left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return left !== null && right !== null;
  return !isDeepStrictEqual(left, right);
}

function add(left: unknown, right: unknown): unknown {
  if (left === undefined) return right ?? false;
  if (right === undefined) return left;
  if (typeof left === "number" && typeof right === "number") return left + right;
  return `${left}${right}`;
}

function order(sign: string, left: unknown, right: unknown): boolean {
  if (left === undefined) return sign === "<" || sign === "<=";
  if (right === undefined) return sign === ">" || sign === ">=";
  const [a, b] = [left ?? zeroLike(right), right ?? zeroLike(left)];
  if (typeof a === "number" && typeof b === "number") return compare(sign, a - b);
  if (typeof a === "string" && typeof b === "string") return compare(sign, a < b ? -1 : Number(a > b));
  throw new Error(`${JSON.stringify(left)} and ${JSON.stringify(right)} cannot be ordered`);
}

function zeroLike(value: unknown): unknown {
  return typeof value === "number" ? 0 : "";
}

function compare(sign: string, difference: number): boolean {
  if (sign === "<") return difference < 0;
  if (sign === "<=") return difference <= 0;
  return sign === ">" ? difference > 0 : difference >= 0;
}

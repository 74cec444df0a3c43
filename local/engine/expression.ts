/**
 * The part of CEL that triggers, waits, cancellations and keys need (SDK spec 1.3.1): paths, literals, lists, comparison,
 * logic, `+`, `-`, `in`, `? :`, `has`, `size`, `string` and the string tests. Anything else is refused when it is compiled.
 */
import { tokenize } from "./expression-tokens";
import { combine, isTruthy, member, size, subtract } from "./expression-values";

export type Scope = { event?: unknown; async?: unknown };
export type Expression = (scope: Scope) => unknown;

const PRECEDENCE: Record<string, number> = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  in: 3,
  "+": 4,
  "-": 4,
};

const METHODS: Record<string, (text: string, part: string) => boolean> = {
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  contains: (text, part) => text.includes(part),
};

export function compile(source: string): Expression {
  const tokens = tokenize(source);
  let position = 0;

  const fail = (what: string): never => {
    throw new Error(`Cannot understand the expression "${source}": ${what}`);
  };
  const peek = () => tokens[position] ?? { kind: "end" as const, text: "the end" };
  const next = () => {
    const token = peek();
    position++;
    return token;
  };
  const take = (text: string) => {
    const found = peek().text === text && peek().kind !== "string";
    if (found) position++;
    return found;
  };
  const expect = (text: string) => {
    if (!take(text)) fail(`expected ${text} before ${peek().text}`);
  };

  function ternary(): Expression {
    const condition = binary(1);
    if (!take("?")) return condition;
    const yes = ternary();
    expect(":");
    const no = ternary();
    return (scope) => (isTruthy(condition(scope)) ? yes(scope) : no(scope));
  }

  function binary(minimum: number): Expression {
    let left = unary();
    for (;;) {
      const { kind, text } = peek();
      const precedence = kind === "string" ? undefined : PRECEDENCE[text];
      if (precedence === undefined || precedence < minimum) return left;
      next();
      const [first, second, sign] = [left, binary(precedence + 1), text];
      left = (scope) => combine(sign, first(scope), second(scope));
    }
  }

  function unary(): Expression {
    if (take("!")) {
      const operand = unary();
      return (scope) => !isTruthy(operand(scope));
    }
    if (take("-")) {
      const operand = unary();
      return (scope) => subtract(0, operand(scope));
    }
    return path();
  }

  function path(): Expression {
    let base = primary();
    for (;;) {
      const owner = base;
      if (take("[")) {
        const key = ternary();
        expect("]");
        base = (scope) => member(owner(scope), key(scope));
      } else if (take(".")) {
        const { kind, text } = next();
        if (kind !== "name") fail(`${text} after a dot`);
        base = peek().text === "(" ? method(owner, text) : (scope) => member(owner(scope), text);
      } else {
        return base;
      }
    }
  }

  function method(owner: Expression, name: string): Expression {
    const args = list("(", ")");
    if (name === "size" && args.length === 0) return (scope) => size(owner(scope));
    const test = METHODS[name];
    const [part] = args;
    if (!test || !part || args.length !== 1) return fail(`${name}() is not supported`);
    return (scope) => {
      const [text, piece] = [owner(scope), part(scope)];
      return typeof text === "string" && typeof piece === "string" && test(text, piece);
    };
  }

  function primary(): Expression {
    if (peek().text === "[" && peek().kind === "sign") {
      const items = list("[", "]");
      return (scope) => items.map((item) => item(scope));
    }
    const { kind, text } = next();
    if (kind === "number") return () => Number(text);
    if (kind === "string") return () => text;
    if (text === "(") {
      const inner = ternary();
      expect(")");
      return inner;
    }
    if (text === "true" || text === "false") return () => text === "true";
    if (text === "null") return () => null;
    if (text === "event" || text === "async") return (scope) => scope[text];
    if (kind === "name" && peek().text === "(") return call(text);
    return fail(`${text} has no meaning here`);
  }

  function call(name: string): Expression {
    const [argument, ...more] = list("(", ")");
    if (!argument || more.length > 0) return fail(`${name}() takes one value`);
    if (name === "has") return (scope) => argument(scope) !== undefined;
    if (name === "size") return (scope) => size(argument(scope));
    if (name === "string") return (scope) => String(argument(scope));
    return fail(`${name}() is not supported`);
  }

  function list(open: string, close: string): Expression[] {
    expect(open);
    const items: Expression[] = [];
    while (!take(close)) {
      if (items.length > 0) expect(",");
      items.push(ternary());
    }
    return items;
  }

  const whole = ternary();
  if (peek().kind !== "end") fail(`${peek().text} has no meaning here`);
  return whole;
}

/** An expression that must yield a boolean. */
export function compileCondition(source: string): (scope: Scope) => boolean {
  const expression = compile(source);
  return (scope) => {
    const value = expression(scope);
    if (typeof value !== "boolean") throw new Error(`The expression "${source}" is not a condition`);
    return value;
  };
}

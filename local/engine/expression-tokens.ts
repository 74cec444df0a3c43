export type Token = { kind: "number" | "string" | "name" | "sign" | "end"; text: string };

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?)|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<name>[A-Za-z_]\w*)|(?<sign>==|!=|<=|>=|&&|\|\||[-+<>!?:.,()[\]]))/y;

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

/** The words of an expression; strings come without quotes and escapes. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  const end = source.trimEnd().length;
  let at = 0;
  while (at < end) {
    TOKEN.lastIndex = at;
    const { number, string, name, sign } = TOKEN.exec(source)?.groups ?? {};
    if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (string !== undefined) tokens.push({ kind: "string", text: unquote(string) });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else throw new Error(`Cannot understand the expression "${source}" at "${source.slice(at)}"`);
    at = TOKEN.lastIndex;
  }
  return tokens;
}

function unquote(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, character: string) =>
      code ? String.fromCharCode(Number.parseInt(code, 16)) : (ESCAPES[character] ?? character),
    );
}

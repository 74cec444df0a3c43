type Row = Record<string, unknown>;

/** `fields=id,name,health_status{entities}`: names before a comma on the outermost level; unknown ones are left out. */
export function pickFields(row: Row, fields: string | null, defaults: readonly string[]): Row {
  const wanted = fields === null || fields === "" ? defaults : topLevelNames(fields);
  const picked = Object.fromEntries(
    wanted.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]),
  );
  return { ...picked, id: row.id };
}

function topLevelNames(fields: string): string[] {
  let flat = fields;
  while (/[({]/.test(flat)) {
    const next = flat.replace(/\.?\w*\([^()]*\)|\{[^{}]*\}/g, "");
    if (next === flat) break;
    flat = next;
  }
  return flat
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}

type Page = {
  data: Row[];
  paging?: { cursors: { before: string; after: string }; next?: string; previous?: string };
};

const toCursor = (id: string): string => Buffer.from(`cursor:${id}`).toString("base64");

/**
 * Cursor paging of the Graph API. `next` is missing on the last page, where the cursors are still given. Meta puts the
 * access token into `next`; the sandbox leaves it out, so that no copy of it lies about.
 */
export function pageOf(rows: Row[], query: URLSearchParams, selfUrl: string): Page {
  const limit = Math.min(Math.max(Number(query.get("limit") ?? 25) || 25, 1), 1000);
  const indexOf = (cursor: string | null) => rows.findIndex(({ id }) => toCursor(String(id)) === cursor);
  const after = query.get("after");
  const before = query.get("before");
  const end = before === null ? rows.length : Math.max(indexOf(before), 0);
  const start = before === null ? indexOf(after) + 1 : Math.max(end - limit, 0);
  const data = rows.slice(start, Math.min(start + limit, end));
  const [first, last] = [data[0], data.at(-1)];
  if (!first || !last) return { data };

  const linkTo = (name: "after" | "before", cursor: string) => {
    const target = new URLSearchParams(query);
    for (const gone of ["after", "before", "access_token", "appsecret_proof"]) target.delete(gone);
    target.set(name, cursor);
    return `${selfUrl}?${target}`;
  };
  const cursors = { before: toCursor(String(first.id)), after: toCursor(String(last.id)) };
  return {
    data,
    paging: {
      cursors,
      ...(start + data.length < rows.length && { next: linkTo("after", cursors.after) }),
      ...(start > 0 && { previous: linkTo("before", cursors.before) }),
    },
  };
}

import { createHash } from "node:crypto";
import { Pool, type PoolClient, type QueryResultRow } from "pg";
import { env } from "@/lib/env";

/** `connection_limit` and `schema` are Prisma's words in a database URL; pg does not know them. */
function poolConfig() {
  const url = new URL(env.DATABASE_URL);
  const limit = Number(url.searchParams.get("connection_limit"));
  const schema = url.searchParams.get("schema");
  for (const name of ["connection_limit", "schema", "pool_timeout", "pgbouncer"])
    url.searchParams.delete(name);
  const max = limit > 0 ? limit : env.DATABASE_POOL_MAX;
  return {
    connectionString: url.toString(),
    max,
    min: Math.min(env.DATABASE_POOL_MIN, max),
    // Prisma's adapter reads `timestamptz` as if the session were in UTC.
    options: `-c timezone=UTC -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s${
      schema ? ` -c search_path=${schema}` : ""
    }`,
  };
}

function createPool() {
  const created = new Pool(poolConfig());
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  created.on("error", () => undefined);
  return created;
}

// The self-hosted server holds this module twice (its own copy and Next's), and `next dev` reloads it: one pool for all.
const shared = globalThis as { campanilePool?: Pool };
shared.campanilePool ??= createPool();
export const pool = shared.campanilePool;

/** A piece of SQL with its values, to be put into a statement. */
export type Part = { text: readonly string[]; values: readonly unknown[] };

class SqlPart implements Part {
  constructor(
    readonly text: readonly string[],
    readonly values: readonly unknown[],
  ) {}
}

/** For a condition that several statements share: `sql` puts it in place and renumbers its values. */
export const part = (text: TemplateStringsArray, ...values: unknown[]): Part => new SqlPart(text, values);

type Run = <Row extends QueryResultRow>(text: TemplateStringsArray, ...values: unknown[]) => Promise<Row[]>;

/** Runs one parameterised statement: `sql<Row>` + a template whose `${values}` become `$1, $2, …`. */
export type Sql = Run & {
  /**
   * The same with a plan that the connection keeps, for a statement that is always the same and runs many times a
   * second: planning it may cost more than running it. The plan does not know the values, nor how a table has grown since.
   */
  prepared: Run;
};

/** Prepared statements live in a connection, which a transaction-mode PgBouncer gives to somebody else. */
const canPrepare = new URL(env.DATABASE_URL).searchParams.get("pgbouncer") !== "true";

const names = new Map<string, string>();

/** The same text has the same name in every copy of this module, because they share their connections. */
function nameOf(statement: string): string {
  let name = names.get(statement);
  if (name === undefined) {
    name = createHash("sha256").update(statement).digest("base64url");
    names.set(statement, name);
  }
  return name;
}

function compile({ text, values }: Part, parameters: unknown[]): string {
  return text.reduce((before, after, index) => {
    const value = values[index - 1];
    if (value instanceof SqlPart) return before + compile(value, parameters) + after;
    return `${before}$${parameters.push(value)}${after}`;
  });
}

function runOn(client: Pool | PoolClient): Sql {
  const run = async <Row extends QueryResultRow>(
    isPrepared: boolean,
    text: TemplateStringsArray,
    values: unknown[],
  ) => {
    const parameters: unknown[] = [];
    const statement = compile({ text, values }, parameters);
    const name = isPrepared && canPrepare ? { name: nameOf(statement) } : {};
    return (await client.query<Row>({ ...name, text: statement, values: parameters })).rows;
  };
  const plain: Run = (text, ...values) => run(false, text, values);
  return Object.assign(plain, { prepared: ((text, ...values) => run(true, text, values)) as Run });
}

export const sql = runOn(pool);

/** Commits what `work` did, or nothing of it. */
export async function transaction<T>(work: (sql: Sql, client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const result = await work(runOn(client), client);
    await client.query("COMMIT");
    client.release();
    return result;
  } catch (error) {
    await client.query("ROLLBACK").then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    );
    throw error;
  }
}

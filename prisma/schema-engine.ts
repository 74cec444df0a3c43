import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlQuery,
  type SqlResultSet,
} from "@prisma/driver-adapter-utils";
import type {
  MigrationList,
  SchemaContainer,
  SchemaEngine,
} from "@prisma/schema-engine-wasm/schema_engine_bg";
import * as wasmBindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";

/** Prisma's schema engine as WebAssembly: the same that `prisma migrate` runs, without the download of a binary. */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  action: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  await instantiated();
  const pool = new CatalogPool(databaseUrl);
  try {
    const { path, content } = await readSchema();
    const engine = await wasmBindings.SchemaEngine.new(
      { datamodels: [[path, content]] },
      () => {},
      bindMigrationAwareSqlAdapterFactory(new MigrationAdapter(pool)),
    );
    return await action(engine);
  } finally {
    await pool.end();
  }
}

export type Migration = { name: string; sql: string };

export const migrationsFolder = fileURLToPath(new URL("migrations", import.meta.url));

export async function readSchema(): Promise<SchemaContainer> {
  const path = fileURLToPath(new URL("schema.prisma", import.meta.url));
  return { path, content: await readFile(path, "utf8") };
}

export async function readMigrations(): Promise<Migration[]> {
  const entries = await readdir(migrationsFolder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => ({
      name,
      sql: await readFile(join(migrationsFolder, name, "migration.sql"), "utf8"),
    })),
  );
}

/** The same in the words of the engine. */
export function listMigrations(migrations: Migration[]): MigrationList {
  return {
    baseDir: migrationsFolder,
    lockfile: { path: "migration_lock.toml", content: null },
    shadowDbInitScript: "",
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok", value: sql } },
    })),
  };
}

/**
 * Repairs of the adapter, which is made for queries, while the engine wants to migrate and to read the catalog:
 * - it cuts a script at every semicolon, function bodies included, and commits piece by piece. Sent whole, PostgreSQL
 *   runs it as one transaction: a migration happens or it does not.
 * - it refuses columns of the catalog's type "char".
 * - the engine does not know the NOT NULL constraints that PostgreSQL 18 lists beside the others.
 */
class MigrationAdapter extends PrismaPg {
  constructor(private readonly pool: CatalogPool) {
    super(pool);
  }

  override async connect() {
    const adapter = await super.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    return Object.assign(adapter, {
      executeScript: async (sql: string) => {
        await adapter.executeRaw({ sql, args: [], argTypes: [] });
      },
      queryRaw: async (query: SqlQuery): Promise<SqlResultSet> => {
        const { columnNames, columnTypes, rows } = await queryRaw(query);
        const constraintType = columnNames.indexOf("constraint_type");
        return {
          columnNames,
          columnTypes: columnTypes.map((type, i) =>
            this.pool.charColumns.has(columnNames[i]) ? ColumnTypeEnum.Character : type,
          ),
          rows: rows.filter((row) => row[constraintType] !== "n"),
        };
      },
    });
  }
}

/** Passes columns of type "char" off as text, and remembers their names. */
class CatalogPool extends pg.Pool {
  readonly charColumns = new Set<string | undefined>();

  constructor(connectionString: string) {
    super({ connectionString, max: 1 });
    const query: (config: pg.QueryArrayConfig) => Promise<pg.QueryArrayResult> = super.query.bind(this);
    Object.assign(this, {
      query: async (config: pg.QueryArrayConfig) => {
        const result = await query(config);
        for (const field of result.fields ?? []) {
          if (field.dataTypeID !== pg.types.builtins.CHAR) continue;
          field.dataTypeID = pg.types.builtins.TEXT;
          this.charColumns.add(field.name);
        }
        return result;
      },
    });
  }
}

let instantiation: Promise<void> | undefined;

function instantiated(): Promise<void> {
  instantiation ??= instantiate();
  return instantiation;
}

async function instantiate(): Promise<void> {
  const bindings = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bytes = await readFile(bindings.replace(/\.js$/, ".wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, {
    "./schema_engine_bg.js": Object.fromEntries(
      Object.entries(wasmBindings).map(([name, binding]) => [
        name,
        name.startsWith("__wbg_setTimeout_") ? setIdleTimeout : binding,
      ]),
    ),
  });
  wasmBindings.__wbg_set_wasm(instance.exports);
  const { __wbindgen_start: startBindings } = instance.exports;
  if (typeof startBindings === "function") startBindings();
}

/** The engine never clears the ten seconds that it allows for its lock; the process need not wait for them. */
function setIdleTimeout(callback: () => void, milliseconds: number): NodeJS.Timeout {
  return setTimeout(callback, milliseconds).unref();
}

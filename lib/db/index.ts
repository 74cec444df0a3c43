import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "@/lib/db/generated/client";
import { pool } from "@/lib/db/pool";
import type { UserId } from "@/lib/tenant";

export { type Part, part, type Sql, sql, transaction } from "@/lib/db/pool";

type Scalars<Model extends Prisma.ModelName> = Prisma.TypeMap["model"][Model]["payload"]["scalars"];

/** Every model that has a `userId` column belongs to a tenant; a new one joins this union by itself. */
type TenantModel = {
  [Model in Prisma.ModelName]: "userId" extends keyof Scalars<Model> ? Uncapitalize<Model> : never;
}[Prisma.ModelName];

type WhereOperation =
  | "findUnique"
  | "findUniqueOrThrow"
  | "findFirst"
  | "findFirstOrThrow"
  | "findMany"
  | "count"
  | "aggregate"
  | "groupBy"
  | "update"
  | "upsert"
  | "updateMany"
  | "updateManyAndReturn"
  | "delete"
  | "deleteMany";

type Owned = { where: { userId: UserId } };

/** A Prisma delegate whose operations with a `where` do not compile without `where: { userId }`. */
type TenantDelegate<Model> = Omit<Model, WhereOperation> & {
  [Op in WhereOperation]: <Args extends Prisma.Args<Model, Op> & Owned>(
    args: Prisma.Exact<Args, Prisma.Args<Model, Op> & Owned>,
  ) => Prisma.PrismaPromise<Prisma.Result<Model, Args, Op>>;
};

type TenantDelegates = { [Model in TenantModel]: TenantDelegate<PrismaClient[Model]> };

/** Raw SQL goes through `sql`, so that there is one way to write it. */
type Database = Omit<PrismaClient, TenantModel | `$${string}`> & TenantDelegates;

export const db = new PrismaClient({ adapter: new PrismaPg(pool) }) as unknown as Database;

import { defineConfig } from "prisma/config";

/** For Prisma's own CLI where its engines can be downloaded; the project's scripts use prisma/migrate.ts instead. */
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations", seed: "tsx prisma/seed.ts" },
  datasource: { url: process.env.DATABASE_URL ?? "" },
});

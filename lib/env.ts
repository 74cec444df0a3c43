import * as z from "zod";

const hexKey = z.string().regex(/^[0-9a-f]{64}$/i, "must be 32 bytes in hexadecimal");

const schema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** Where the self-hosted server listens. */
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().default("127.0.0.1"),
  /** Where browsers and Meta reach this installation. next-auth reads the same variable. */
  NEXTAUTH_URL: z.url({ protocol: /^https?$/ }),
  NEXTAUTH_SECRET: z.string().min(32),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL_MIN: z.coerce.number().int().min(0).default(2),
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).default(10),
  ENCRYPTION_KEY: hexKey,
  /** Keys that were `ENCRYPTION_KEY` before, comma separated: still read, never written. */
  ENCRYPTION_KEYS_OLD: z
    .string()
    .default("")
    .transform((keys) => keys.split(",").filter(Boolean))
    .pipe(z.array(hexKey)),
  WHATSAPP_GRAPH_URL: z.url({ protocol: /^https?$/ }).default("https://graph.facebook.com/v25.0"),
  /** The sandbox that stands in for Meta. Without it there is no sandbox mode. */
  WHATSAPP_SANDBOX_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** For an installation with one Meta app for all accounts; an account's own values go first. */
  WHATSAPP_APP_SECRET: z.string().min(1).optional(),
  WHATSAPP_VERIFY_TOKEN: z.string().min(1).optional(),
  UPLOADS_DIR: z.string().min(1).default(".campanile/uploads"),
});

/** `next build` loads every route to learn about it and runs none, so it needs no real secrets. */
const placeholders = {
  NEXTAUTH_URL: "http://localhost:3000",
  NEXTAUTH_SECRET: "only while building; never used to sign",
  DATABASE_URL: "postgresql://localhost/building",
  ENCRYPTION_KEY: "0".repeat(64),
};

const isBuilding = process.env.NEXT_PHASE === "phase-production-build";
const parsed = schema.safeParse(isBuilding ? { ...placeholders, ...process.env } : process.env);
if (!parsed.success) throw new Error(`Invalid environment\n${z.prettifyError(parsed.error)}`);

export const env = parsed.data;

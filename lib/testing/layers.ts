import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";

type Rule = { files: RegExp; except?: RegExp; mustNotImport: RegExp; because: string };

const serverOnly =
  /^@\/lib\/(auth|env|http|logger|crypto|passwords)$|^@\/lib\/[^/]+\/(repository|service)$|^@\/lib\/whatsapp\//;

/** The architecture, as a table. Read top to bottom; change it in review, not in passing. */
export const rules: Rule[] = [
  {
    files: /./,
    except:
      /^(lib\/db\/|lib\/[^/]+\/repository(\.test)?\.ts|lib\/testing\/|server\.ts|app\/api\/health\/|prisma\/)|\.test\.tsx?$/,
    mustNotImport: /^@\/lib\/db(?!\/(generated\/enums|errors|copy-text)$)/,
    because: "only repositories talk to the database",
  },
  {
    files: /^components\//,
    mustNotImport: /^@\/(app|inngest|local)\//,
    because: "components know neither routes nor jobs",
  },
  { files: /^components\//, mustNotImport: serverOnly, because: "components may end up in the browser" },
  {
    files: /^components\/ui\//,
    mustNotImport: /^@\/(?!lib\/utils$|components\/ui\/)/,
    because: "ui primitives know nothing of the domain",
  },
  {
    files: /^lib\/[^/]+\/(?!(repository|service)\.|[^/]*\.test\.)/,
    except: /^lib\/(db|whatsapp|testing)\//,
    mustNotImport: new RegExp(`^@/inngest/|${serverOnly.source}`),
    because: "everything in a slice but its repository and service runs anywhere",
  },
  {
    files: /^lib\//,
    except: /^lib\/testing\/|\.test\.ts$/,
    mustNotImport: /^@\/(app|components|local|inngest\/functions)\//,
    because: "lib is the bottom layer",
  },
  { files: /^(components|inngest)\//, mustNotImport: /^@\/app\//, because: "nothing depends on a route" },
  { files: /^inngest\//, mustNotImport: /^(next|react)(\/|$)/, because: "background work has no request" },
  {
    files: /^(app|components|lib|inngest|server\.ts)/,
    except: /^lib\/testing\/|\.test\.tsx?$/,
    mustNotImport: /^@\/(local|e2e)\//,
    because: "the product meets its stand-ins over HTTP and SQL only",
  },
  {
    files: /./,
    except: /^(bench|lib\/testing)\//,
    mustNotImport: /^@\/bench\//,
    because: "nothing depends on a benchmark",
  },
  {
    files: /./,
    except: /^(faults|lib\/testing)\//,
    mustNotImport: /^@\/faults\//,
    because: "nothing depends on a fault test",
  },
  {
    files: /^local\/(engine|sandbox)\//,
    mustNotImport: /^@\/(?!local\/(engine|sandbox)\/)/,
    because: "the stand-ins know nothing of the product",
  },
  {
    files: /\/schema\.ts$/,
    mustNotImport:
      /^(?!zod$|@\/lib\/[^/]+\/schema$|@\/lib\/users\/(places|weak-passwords)$|@\/lib\/consent\/words$|@\/lib\/(tenant|storable)$|@\/lib\/db\/generated\/enums$)/,
    because: "schemas are shared with the browser",
  },
];

/** The files a slice may have: these, and pure modules named by their noun. */
const IMPORT = /(?:from|import)\s*\(?\s*["']([^"']+)["']/g;

const resolve = (file: string, specifier: string) =>
  specifier.startsWith(".") ? `@/${posix.join(posix.dirname(file), specifier)}` : specifier;

export function violations(root: string): string[] {
  return sources(root).flatMap((file) => violationsOf(file, readFileSync(`${root}/${file}`, "utf8")));
}

export function violationsOf(file: string, text: string): string[] {
  const found: string[] = [];
  for (const [, specifier = ""] of text.matchAll(IMPORT)) {
    const target = resolve(file, specifier);
    for (const { files, except, mustNotImport, because } of rules) {
      if (files.test(file) && !except?.test(file) && mustNotImport.test(target)) {
        found.push(`${file} imports ${target}: ${because}`);
      }
    }
    if (/^["']use client["']/.test(text) && serverOnly.test(target)) {
      found.push(`${file} imports ${target}: it runs in the browser`);
    }
  }
  if (isProduct(file) && /process\.env/.test(text) && file !== "lib/env.ts") {
    found.push(`${file}: read lib/env instead of process.env`);
  }
  if (isProduct(file) && /console\./.test(text) && !/^lib\/logger\.ts$/.test(file)) {
    found.push(`${file}: write to lib/logger instead of the console`);
  }
  if (isProduct(file) && /userIdSchema/.test(text) && !mayProveTenancy.test(file)) {
    found.push(`${file}: only a session, an event or a tenant's own row proves a tenant`);
  }
  return found;
}

const mayProveTenancy = /^(lib\/tenant\.ts|inngest\/events\.ts|lib\/[^/]+\/repository\.ts)$/;

const isProduct = (file: string) =>
  /^(app|components|inngest|lib)\//.test(file) && !/\.test\.tsx?$|^lib\/testing\//.test(file);

function sources(root: string): string[] {
  return ["app", "bench", "components", "faults", "inngest", "lib", "local", "server.ts"]
    .flatMap((path) =>
      path.endsWith(".ts")
        ? [path]
        : readdirSync(`${root}/${path}`, { recursive: true }).map((name) => `${path}/${name}`),
    )
    .filter((path) => /\.tsx?$/.test(path) && !/\/generated\//.test(path));
}

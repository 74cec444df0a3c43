import { describe, expect, test } from "vitest";
import { violations, violationsOf } from "@/lib/testing/layers";

describe("the architecture", () => {
  test("holds in every file", () => {
    expect(violations(process.cwd())).toEqual([]);
  });

  test.each([
    ["app/page.tsx", 'import { db } from "@/lib/db";'],
    ["lib/campaigns/service.ts", 'import { sql } from "@/lib/db";'],
    ["components/campaigns/form.tsx", 'import { campaignRepository } from "@/lib/campaigns/repository";'],
    ["components/ui/button.tsx", 'import { Campaign } from "@/lib/campaigns/schema";'],
    ["lib/campaigns/lifecycle.ts", 'import { env } from "@/lib/env";'],
    ["lib/campaigns/service.ts", 'import { startStack } from "@/local/stack";'],
    ["lib/campaigns/service.ts", 'import { medianOf } from "@/bench/report";'],
    ["local/stack.ts", 'import { medianOf } from "@/bench/report";'],
    ["local/stack.ts", 'import { violationsIn } from "@/faults/checker";'],
    ["lib/campaigns/service.ts", 'import { sweep } from "@/inngest/functions/sweep";'],
    ["inngest/functions/sweep.ts", 'import { headers } from "next/headers";'],
    ["local/sandbox/server.ts", 'import { env } from "@/lib/env";'],
    ["local/sandbox/server.ts", 'import { env } from "../../lib/env";'],
    ["lib/campaigns/schema.ts", 'import { format } from "date-fns";'],
    ["app/sign-in/form.tsx", '"use client";\nimport { userRepository } from "@/lib/users/repository";'],
    ["lib/campaigns/service.ts", "const key = process.env.KEY;"],
    ["lib/campaigns/service.ts", "console.log(1);"],
    ["app/api/campaigns/route.ts", 'import { userIdSchema } from "@/lib/tenant";'],
  ])("forbids, in %s: %s", (file, text) => {
    expect(violationsOf(file, text)).not.toEqual([]);
  });

  test("lets a repository use the database and a test use the factories", () => {
    expect(violationsOf("lib/campaigns/repository.ts", 'import { db } from "@/lib/db";')).toEqual([]);
    expect(
      violationsOf(
        "lib/campaigns/repository.test.ts",
        'import { createUser } from "@/lib/testing/factories";',
      ),
    ).toEqual([]);
  });
});

import { rm } from "node:fs/promises";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { GET as getPreview } from "@/app/api/imports/[importId]/preview/route";
import { GET as getRejected } from "@/app/api/imports/[importId]/rejected.csv/route";
import { GET } from "@/app/api/imports/[importId]/route";
import { POST as start } from "@/app/api/imports/[importId]/start/route";
import { POST } from "@/app/api/imports/route";
import { inngest } from "@/inngest/client";
import { authenticate } from "@/lib/auth";
import { env } from "@/lib/env";
import { runImport } from "@/lib/import-runs/service";
import { MAX_FILE_BYTES } from "@/lib/imports/schema";

import { createUser } from "@/lib/testing/factories";

await vi.hoisted(async () => {
  const [{ mkdtempSync }, { tmpdir }] = await Promise.all([import("node:fs"), import("node:os")]);
  process.env.UPLOADS_DIR = mkdtempSync(`${tmpdir()}/campanile-uploads-`);
});

afterAll(() => rm(env.UPLOADS_DIR, { recursive: true, force: true }));

vi.mock("@/lib/auth", () => ({ authenticate: vi.fn() }));

const context = (importId = "") => ({ params: Promise.resolve({ importId }) });
const upload = (body: BodyInit | null, query = "?fileName=people.csv") =>
  POST(
    new Request(`http://test/api/imports${query}`, { method: "POST", body, duplex: "half" } as RequestInit),
    context(),
  );
const request = (body?: unknown) =>
  new Request(
    "http://test/api/imports",
    body === undefined ? {} : { method: "POST", body: JSON.stringify(body) },
  );

const file = "phone,name\n9812345678,Asha\n12,Ravi\n";
const choices = { mapping: { phone: "phone", name: "name" }, defaultCountry: "IN" };

beforeEach(async () => {
  vi.mocked(authenticate).mockResolvedValue(await createUser({ defaultCountry: "IN" }));
  vi.spyOn(inngest, "send").mockResolvedValue({ ids: [] });
});

describe("/api/imports", () => {
  test("takes a file from upload to the list of what was wrong with it", async () => {
    const uploaded = await upload(file);
    expect(uploaded.status).toBe(201);
    const { id } = await uploaded.json();
    expect(await (await getPreview(request(), context(id))).json()).toMatchObject({
      totalRows: 2,
      mapping: { phone: "phone" },
    });

    expect((await start(request(choices), context(id))).status).toBe(200);
    expect((await start(request(choices), context(id))).status).toBe(409);
    await runImport(await authenticate(), id);

    expect(await (await GET(request(), context(id))).json()).toMatchObject({
      status: "completed",
      totalRows: 2,
      createdCount: 1,
      rejectedCount: 1,
      rejectedRows: [
        { line: 3, isDuplicate: false, reason: "The phone number is too short", cells: ["12", "Ravi"] },
      ],
    });
    const rejected = await getRejected(request(), context(id));
    expect(rejected.headers.get("content-type")).toContain("text/csv");
    expect(rejected.headers.get("content-disposition")).toContain("attachment");
    expect(await rejected.text()).toContain("3,The phone number is too short,12,Ravi");
  });

  test.each([
    ["no file", null, "?fileName=a.csv"],
    ["an empty file", "", "?fileName=a.csv"],
    ["a file without a name", file, ""],
    ["a workbook", "PK\x03\x04", "?fileName=a.xlsx"],
  ])("refuses %s", async (_, body, query) => {
    expect((await upload(body, query)).status).toBe(422);
  });

  test("takes a name that PostgreSQL would not", async () => {
    const { id } = await (await upload(file, "?fileName=people%00%0A.csv")).json();

    expect(await (await GET(request(), context(id))).json()).toMatchObject({ fileName: "people .csv" });
  });

  test("stops reading a file that is too large", async () => {
    const megabyte = new TextEncoder().encode("phone,name\n".padEnd(1024 * 1024, "9812345678,Asha\n"));
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += megabyte.length;
        controller.enqueue(megabyte);
      },
    });

    const response = await upload(endless);

    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(MAX_FILE_BYTES + 4 * megabyte.length);
  });

  test.each<[string, object, string]>([
    ["no phone column", { ...choices, mapping: { name: "name" } }, "mapping"],
    ["a column that is not there", { ...choices, mapping: { phone: "mobile" } }, "mapping"],
    ["a NUL in the words", { ...choices, agreed: true, consentStatement: "Signed\0" }, "consentStatement"],
    ["no country", { ...choices, defaultCountry: "" }, "defaultCountry"],
    ["an agreement without words", { ...choices, agreed: true, consentStatement: " " }, "consentStatement"],
    [
      "a custom field with a reserved name",
      { ...choices, mapping: { phone: "phone", custom: { name: "Email" } } },
      "mapping",
    ],
  ])("does not start with %s", async (_, body, field) => {
    const { id } = await (await upload(file)).json();

    const response = await start(request(body), context(id));

    expect(response.status).toBe(422);
    expect((await response.json()).error.fields).toHaveProperty(field);
    expect(await (await GET(request(), context(id))).json()).toMatchObject({ status: "uploaded" });
  });

  test("hides other people's imports", async () => {
    const { id } = await (await upload(file)).json();
    vi.mocked(authenticate).mockResolvedValue(await createUser());

    for (const response of [
      await GET(request(), context(id)),
      await getPreview(request(), context(id)),
      await getRejected(request(), context(id)),
      await start(request(choices), context(id)),
      await GET(request(), context("nonsense")),
    ]) {
      expect(response.status).toBe(404);
    }
  });
});

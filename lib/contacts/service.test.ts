import { expect, test } from "vitest";
import { createContactSchema } from "@/lib/contacts/schema";
import { createContact, createContacts } from "@/lib/contacts/service";
import { db } from "@/lib/db";
import { createUser } from "@/lib/testing/factories";

const person = (phone: string, rest = {}) => createContactSchema.parse({ phone, ...rest });

test("a program may send many at once: numbers are read as the account's, and what cannot be read stops nobody else", async () => {
  const userId = await createUser({ defaultCountry: "IN" });
  const consent = { wording: "Ticked the box", agreedOn: "2026-03-01" };

  const added = await createContacts(
    userId,
    [person("98123 45678", { consent }), person("12"), person("+1 202 555 0143"), person("098123 45678")],
    "api",
  );

  expect(added).toEqual([
    { id: expect.any(String), optedIn: true, isSuppressed: false },
    expect.objectContaining({ code: "INVALID", fields: { phone: [expect.stringMatching(/too short/)] } }),
    { id: expect.any(String), optedIn: false, isSuppressed: false },
    expect.objectContaining({ code: "CONFLICT" }),
  ]);
  expect(
    await db.contact.findMany({
      where: { userId },
      select: { phone: true, optInSource: true, optedInAt: true },
      orderBy: { phone: "asc" },
    }),
  ).toEqual([
    { phone: "+12025550143", optInSource: "api", optedInAt: null },
    { phone: "+919812345678", optInSource: "api", optedInAt: new Date("2026-03-01") },
  ]);
  expect(await db.consentEvent.findMany({ where: { userId } })).toMatchObject([
    { action: "opt_in", source: "api", wording: "Ticked the box", actor: userId },
  ]);
});

test("what somebody typed and cannot be added is said beside its field", async () => {
  const userId = await createUser({ defaultCountry: "IN" });

  await expect(createContact(userId, person("12"))).rejects.toMatchObject({ code: "INVALID" });
  await createContact(userId, person("98123 45678"));
  await expect(createContact(userId, person("98123 45678"))).rejects.toMatchObject({
    fields: { phone: ["+919812345678 is already among your contacts"] },
  });
});

test("nobody to add is nothing to do", async () => {
  expect(await createContacts(await createUser(), [], "api")).toEqual([]);
});

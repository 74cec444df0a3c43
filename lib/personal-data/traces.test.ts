import { expect, test } from "vitest";
import { holdsNumber, splitByPerson } from "@/lib/personal-data/traces";

const traces = {
  names: ["16505551234", "US.1"],
  whatsappMessageIds: ["wamid.theirs"],
  messageIds: ["01a202d0-53b8-7a9f-a935-a0f4634f6d87"],
};
const call = (value: object) => ({
  object: "whatsapp_business_account",
  entry: [
    { id: "1", changes: [{ field: "messages", value: { metadata: { phone_number_id: "2" }, ...value } }] },
  ],
});
const other = { id: "wamid.others", recipient_id: "12195555358" };

test.each([
  ["their number", { id: "wamid.1", recipient_id: "16505551234" }],
  ["WhatsApp's id of them", { id: "wamid.1", recipient_user_id: "US.1" }],
  ["WhatsApp's id of a message", { id: "wamid.theirs" }],
  [
    "our id of a message",
    { id: "wamid.1", biz_opaque_callback_data: "01a202d0-53b8-7a9f-a935-a0f4634f6d87.2" },
  ],
  ["a name deep inside", { id: "wamid.1", system: { wa_id: "16505551234" } }],
])("takes out what is known by %s and nothing else", (_, status) => {
  expect(splitByPerson(call({ statuses: [other, status] }), traces)).toEqual({
    rest: call({ statuses: [other] }),
    theirs: [status],
  });
});

test("takes out a message whole, and the sender beside it", () => {
  const contact = { profile: { name: "Sheena" }, wa_id: "16505551234" };
  const message = { from: "16505551234", id: "wamid.2", contacts: [{ phones: [{ wa_id: "16505551234" }] }] };

  const { rest, theirs } = splitByPerson(call({ contacts: [contact], messages: [message] }), traces);

  expect(rest).toEqual(call({ contacts: [], messages: [] }));
  expect(theirs).toEqual([contact, message]);
});

test("takes a change out whose value is about them", () => {
  const change = { field: "anything_new", value: { wa_id: "16505551234" } };

  expect(splitByPerson({ entry: [{ id: "1", changes: [change] }] }, traces)).toEqual({
    rest: { entry: [{ id: "1", changes: [] }] },
    theirs: [change],
  });
});

test.each([[null], ["text"], [{ entry: "none" }], [call({ statuses: [other] })]])(
  "leaves %j as it is",
  (document) => {
    expect(splitByPerson(document, traces)).toEqual({ rest: document, theirs: [] });
  },
);

test.each<[string, string[], boolean]>([
  ["wamid.HBgLMTY0NjcwNDM1OTUVAgARGBI1RjQyNUE3NEYxMzAzMzQ5MkEA", ["16467043595"], true],
  [
    "wamid.HBgLMTY0NjcwNDM1OTUVAgARGBI1RjQyNUE3NEYxMzAzMzQ5MkEA",
    ["US.1", "+16467043595", "16505551234"],
    false,
  ],
  ["wamid.HBgLMTY0NjcwNDM1OTUVAgARGBI1RjQyNUE3NEYxMzAzMzQ5MkEA", ["4"], false],
  ["wamid.!", ["16467043595"], false],
])("%s has one of %j in it: %s", (id, names, holds) => {
  expect(holdsNumber(id, names)).toBe(holds);
});

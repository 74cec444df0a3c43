import { afterAll, beforeAll, expect, test } from "vitest";
import { offer, offerTo, openStage, until } from "./testing";

let stage: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const create = (changes: object) =>
  stage.graph.post(`/${stage.keys.wabaId}/message_templates`, { ...offer, ...changes });

const decided = (name: string) =>
  until(
    () =>
      stage.receiver
        .changes("message_template_status_update")
        .find((value) => value.message_template_name === name),
    `the decision about ${name}`,
  );

const about = async (id: string) =>
  (await stage.graph.get(`/${id}?fields=status,category,previous_category,rejected_reason,quality_score`))
    .body;

test("reviews a template and tells the decision", async () => {
  await stage.admin.post("/settings", { reviewMs: 1500 });
  const { body: created } = await create({ name: "spring_news" });
  const pending = await about(created.id);
  const refused = await stage.send({
    ...offerTo("+919811110005"),
    template: { name: "spring_news", language: { code: "en_US" } },
  });

  const decision = await decided("spring_news");

  expect(created).toEqual({
    id: expect.stringMatching(/^\d{15}$/),
    status: "PENDING",
    category: "MARKETING",
  });
  expect(pending.status).toBe("PENDING");
  expect([refused.status, refused.body.error.code]).toEqual([404, 132001]);
  expect(decision).toEqual({
    event: "APPROVED",
    message_template_id: Number(created.id),
    message_template_name: "spring_news",
    message_template_language: "en_US",
    reason: "NONE",
    message_template_category: "MARKETING",
  });
  expect((await about(created.id)).status).toBe("APPROVED");
  await stage.admin.post("/settings", { reviewMs: 10 });
});

test("rejects a name that asks for it, and links that hide where they lead", async () => {
  const named = await create({ name: "please_reject_me" });
  await create({
    name: "short_link",
    components: [{ type: "BODY", text: "See https://bit.ly/x for more." }],
  });

  expect(await decided("please_reject_me")).toMatchObject({
    event: "REJECTED",
    reason: "INVALID_FORMAT",
    rejection_info: { recommendation: expect.any(String) },
  });
  expect(await decided("short_link")).toMatchObject({ event: "REJECTED" });
  expect(await about(named.body.id)).toMatchObject({ status: "REJECTED", rejected_reason: "INVALID_FORMAT" });
});

test("moves a promotional utility template to marketing", async () => {
  const { body: created } = await create({
    name: "sly_utility",
    category: "UTILITY",
    components: [{ type: "BODY", text: "Our big sale starts today." }],
  });
  await decided("sly_utility");

  expect(await about(created.id)).toMatchObject({
    status: "APPROVED",
    category: "MARKETING",
    previous_category: "UTILITY",
  });
  expect(stage.receiver.changes("template_category_update")).toMatchObject([
    { previous_category: "UTILITY", new_category: "MARKETING" },
  ]);
});

test("refuses the same name and language twice, and a name that is being deleted", async () => {
  const { keys, graph } = stage;
  await create({ name: "twice" });
  await decided("twice");

  expect((await create({ name: "twice" })).body.error).toMatchObject({
    code: 100,
    message: "Invalid parameter",
    error_subcode: 2388024,
    error_user_title: "Content in This Language Already Exists",
    is_transient: false,
  });
  expect((await create({ name: "twice", language: "de" })).status).toBe(200);
  expect((await graph.delete(`/${keys.wabaId}/message_templates?name=twice`)).body).toEqual({
    success: true,
  });
  expect((await create({ name: "twice" })).body.error.error_subcode).toBe(2388023);
  expect((await graph.get(`/${keys.wabaId}/message_templates?name=twice`)).body.data).toEqual([]);
  expect((await graph.delete(`/${keys.wabaId}/message_templates?name=twice`)).body.error).toMatchObject({
    code: 100,
    error_subcode: 2593002,
  });
});

test("deletes one of two languages by id", async () => {
  const { keys, graph } = stage;
  const [english] = [
    await create({ name: "two_tongues" }),
    await create({ name: "two_tongues", language: "hi" }),
  ];

  await graph.delete(`/${keys.wabaId}/message_templates?name=two_tongues&hsm_id=${english?.body.id}`);

  const { body } = await graph.get(`/${keys.wabaId}/message_templates?name=two_tongues&fields=language`);
  expect(body.data.map(({ language }: { language: string }) => language)).toEqual(["hi"]);
});

test("pages by cursor and leaves the token out of the links", async () => {
  const { keys, graph } = stage;
  for (const index of [1, 2, 3, 4, 5])
    await create({
      name: `page_${index}`,
      category: "UTILITY",
      components: [{ type: "BODY", text: "Your order is ready." }],
    });
  const names: string[] = [];
  let path = `/${keys.wabaId}/message_templates?name=page_&limit=2&fields=name,status&access_token=${keys.accessToken}`;
  for (;;) {
    const { body } = await graph.get(path);
    names.push(...body.data.map(({ name }: { name: string }) => name));
    expect(Object.keys(body.data[0]).sort()).toEqual(["id", "name", "status"]);
    expect(body.paging.cursors.after).toEqual(expect.any(String));
    if (!body.paging.next) break;
    expect(body.paging.next).not.toContain(keys.accessToken);
    path = body.paging.next.replace(`${stage.sandbox.url}/v25.0`, "");
  }
  expect(names).toEqual(["page_1", "page_2", "page_3", "page_4", "page_5"]);
});

test("filters by status and counts in a summary", async () => {
  const { keys, graph } = stage;
  await create({ name: "another_reject" });
  await decided("another_reject");
  const { body } = await graph.get(
    `/${keys.wabaId}/message_templates?status=REJECTED&summary=total_count&limit=100`,
  );

  expect(new Set(body.data.map(({ status }: { status: string }) => status))).toEqual(new Set(["REJECTED"]));
  expect(body.summary.total_count).toBe(body.data.length);
});

test("lets an approved template be edited once a day, and reviews it again", async () => {
  const { graph } = stage;
  const { body: created } = await create({ name: "to_edit" });
  const edit = (changes: object) => graph.post(`/${created.id}`, changes);
  await decided("to_edit");
  const components = [{ type: "BODY", text: "Something else." }];

  expect((await edit({ category: "UTILITY" })).body.error.error_subcode).toBe(2388039);
  expect((await edit({ components: [{ type: "BODY", text: "{{1}} first" }] })).body.error.code).toBe(100);
  expect((await edit({ components })).body).toEqual({ success: true });
  expect((await edit({ components })).body.error.error_subcode).toBe(2388039);
  await until(async () => (await about(created.id)).status === "APPROVED", "the second approval");
  expect((await edit({ components })).body.error.error_subcode).toBe(2388039);
  expect((await graph.get(`/${created.id}?fields=components`)).body.components).toEqual(components);
});

test("pauses with a title, unpauses after a while, and disables the third time", async () => {
  const { admin, graph } = stage;
  const { body: created } = await create({ name: "to_pause" });
  await decided("to_pause");
  const events = () =>
    stage.receiver
      .changes("message_template_status_update")
      .filter((value) => value.message_template_name === "to_pause");

  await admin.post(`/templates/${created.id}`, { action: "pause" });
  await until(() => events().length === 2, "the pause");
  expect((await graph.post(`/${created.id}/unpause`)).body).toMatchObject({
    success: false,
    reason: expect.any(String),
  });
  await admin.post("/settings", { unpauseAfterMs: 0 });
  expect((await graph.post(`/${created.id}/unpause`)).body).toEqual({ success: true });
  await admin.post(`/templates/${created.id}`, { action: "pause" });
  await admin.post(`/templates/${created.id}`, { action: "pause" });
  await until(() => events().length === 5, "five events");

  expect(events()[1]).toMatchObject({ event: "PAUSED", other_info: { title: "FIRST_PAUSE" } });
  expect((await about(created.id)).status).toBe("DISABLED");
  expect(events().find(({ event }) => event === "DISABLED")).toMatchObject({
    disable_info: { disable_date: expect.any(Number) },
  });
});

test("tells a change of quality", async () => {
  const { admin, templateId } = stage;
  await admin.post(`/templates/${templateId}`, { action: "quality", score: "YELLOW" });

  const [told] = await until(
    () =>
      stage.receiver.changes("message_template_quality_update").length > 0
        ? stage.receiver.changes("message_template_quality_update")
        : null,
    "quality",
  );
  expect(told).toMatchObject({ previous_quality_score: "UNKNOWN", new_quality_score: "YELLOW" });
  expect((await about(templateId)).quality_score.score).toBe("YELLOW");
});

test("hides templates of others", async () => {
  const { admin } = stage;
  const { body: other } = await admin.post("/accounts", {});
  const { body: list } = await admin.get(`/accounts/${other.wabaId}`);

  expect((await stage.graph.get(`/${list.templates[0].id}`)).body.error).toMatchObject({
    code: 100,
    error_subcode: 33,
    type: "GraphMethodException",
  });
  expect((await stage.graph.get(`/${other.wabaId}/message_templates`)).body.error.error_subcode).toBe(33);
});

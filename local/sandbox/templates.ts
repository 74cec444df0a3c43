import type { Access } from "./access";
import { type Answer, type Call, ok, parametersOf, success } from "./call";
import type { Events } from "./events";
import { pageOf, pickFields } from "./fields";
import { badParameter, missingParameter, templateError, unknownObject } from "./graph-error";
import { newObjectId } from "./ids";
import type { Template, TemplateComponent, Waba } from "./model";
import { hash } from "./random";
import type { Settings } from "./settings";
import type { State } from "./state";
import type { Review } from "./template-review";
import { readCategory, readComponents, readDraft, readTtl } from "./template-rules";

const dayMs = 24 * 3600 * 1000;
const templateLimit = 6000;
const defaultFields = [
  "name",
  "parameter_format",
  "components",
  "language",
  "status",
  "category",
  "sub_category",
];

type Dependencies = { state: State; settings: Settings; access: Access; events: Events; review: Review };

/** "Message templates" of the Business Management API. */
export function createTemplates({ state, settings, access, events, review }: Dependencies) {
  const isKnownHandle = (handle: string) => state.handles.has(handle);

  function create(waba: Waba, call: Call): Answer {
    const draft = readDraft(parametersOf(call), isKnownHandle);
    if (state.findTemplates(waba.id, draft.name).some(({ language }) => language === draft.language)) {
      throw templateError(
        2388024,
        "Content in This Language Already Exists",
        `There is already ${draft.language} content for this template. You can create a new template and try again.`,
      );
    }
    if ((waba.deletedTemplates[`${draft.name} ${draft.language}`] ?? 0) > Date.now()) {
      throw templateError(
        2388023,
        "Message Template Language Is Being Deleted",
        `New ${draft.language} content can't be added while the existing content is being deleted. Try again in 4 weeks.`,
      );
    }
    if (new Set(state.templatesOf(waba.id).map(({ name }) => name)).size >= templateLimit) {
      throw templateError(
        2388019,
        "Message template limit exceeded",
        "Delete templates before you create new ones.",
      );
    }
    const template: Template = {
      ...draft,
      id: newObjectId(),
      wabaId: waba.id,
      previousCategory: null,
      status: "PENDING",
      rejectedReason: "NONE",
      quality: { score: "UNKNOWN", date: Math.floor(Date.now() / 1000) },
      reviewAt: null,
      pausedAt: null,
      pauses: 0,
      editedAt: [],
    };
    review.submit(template);
    return ok({ id: template.id, status: template.status, category: template.category });
  }

  function list(waba: Waba, { query, selfUrl }: Call): Answer {
    const is = (name: string, value: string) =>
      query.get(name) === null || query.get(name)?.toUpperCase() === value.toUpperCase();
    const name = query.get("name");
    const words = query.get("name_or_content")?.toLowerCase();
    const statuses = listOf(query.get("status"));
    const rows = state
      .templatesOf(waba.id)
      .filter((template) => name === null || template.name.includes(name))
      .filter((template) => statuses === null || statuses.includes(template.status))
      .filter((template) => is("category", template.category))
      .filter((template) => is("language", template.language))
      .filter((template) => is("quality_score", template.quality.score))
      .filter(
        (template) =>
          words === undefined ||
          JSON.stringify([template.name, template.components]).toLowerCase().includes(words),
      );
    const page = pageOf(rows.map(toRow), query, selfUrl);
    const data = page.data.map((row) => pickFields(row, query.get("fields"), defaultFields));
    const summary = {
      total_count: rows.length,
      message_template_count: state.templatesOf(waba.id).length,
      message_template_limit: templateLimit,
      are_translations_complete: true,
    };
    return ok({ ...page, data, ...(query.has("summary") && { summary }) });
  }

  /** "Edit templates": what may be changed when, and how often an approved template may be. */
  function edit(template: Template, call: Call): Answer {
    const parameters = parametersOf(call);
    const refuse = (why: string) => templateError(2388039, "Message template can't be edited", why);
    if (!["APPROVED", "REJECTED", "PAUSED"].includes(template.status)) {
      throw refuse("Only approved, rejected and paused templates can be edited.");
    }
    const now = Date.now();
    const edits = template.editedAt.filter((at) => now - at < 30 * dayMs);
    if (template.status === "APPROVED" && (edits.length >= 10 || edits.some((at) => now - at < dayMs))) {
      throw refuse("An approved template can be edited once in 24 hours and 10 times in 30 days.");
    }
    const { components, category, message_send_ttl_seconds: ttl } = parameters;
    if (components === undefined && category === undefined && ttl === undefined)
      throw missingParameter("components");
    const next = category === undefined ? template.category : readCategory(category);
    if (template.status === "APPROVED" && next !== template.category) {
      throw refuse("The category of an approved template can't be changed.");
    }
    const edited: Template = {
      ...template,
      category: next,
      components:
        components === undefined
          ? template.components
          : readComponents(components, next, template.parameterFormat, isKnownHandle),
      messageSendTtlSeconds: readTtl(ttl, next) ?? template.messageSendTtlSeconds,
      editedAt: [...edits, now],
    };
    review.submit(edited);
    return success;
  }

  function remove(waba: Waba, { query }: Call): Answer {
    const doomed = chooseForDeletion(waba, query);
    for (const template of doomed) {
      if (template.status === "DISABLED") throw badParameter("A disabled template can't be deleted.");
      state.dropTemplate(template);
      if (template.status === "APPROVED") {
        waba.deletedTemplates[`${template.name} ${template.language}`] = Date.now() + 30 * dayMs;
      }
    }
    for (const template of doomed)
      events.announceTemplate({ ...template, status: "PENDING_DELETION" }, "DELETED");
    state.save();
    return success;
  }

  function chooseForDeletion(waba: Waba, query: URLSearchParams): Template[] {
    const ids = listOf(query.get("hsm_ids")) ?? listOf(query.get("hsm_id"));
    const name = query.get("name");
    if (!ids && name === null) throw missingParameter("name");
    const doomed = state
      .templatesOf(waba.id)
      .filter(
        (template) => (ids ? ids.includes(template.id) : true) && (name === null || template.name === name),
      );
    if (doomed.length > 0) return doomed;
    throw templateError(
      2593002,
      "Message Template Not Found",
      "There is no message template with this name or id.",
    );
  }

  /** "Unpause": not earlier than 5 minutes after the pause. */
  function unpause(template: Template): Answer {
    if (template.status !== "PAUSED" || template.pausedAt === null) {
      return ok({ success: false, reason: "The template is not paused." });
    }
    if (Date.now() - template.pausedAt < settings.unpauseAfterMs) {
      return ok({ success: false, reason: "The template was paused less than 5 minutes ago." });
    }
    review.approve(template);
    return success;
  }

  return {
    /** `/{waba-id}/message_templates` */
    ofAccount: (waba: Waba, call: Call): Answer => {
      access.requirePermission(call.token, "whatsapp_business_management");
      if (call.method === "GET") return list(waba, call);
      return call.method === "POST" ? create(waba, call) : remove(waba, call);
    },
    /** `/{template-id}` and `/{template-id}/unpause` */
    one: (template: Template, call: Call): Answer => {
      access.requireWaba(call.token, template.wabaId, call.method, template.id);
      access.requirePermission(call.token, "whatsapp_business_management");
      if (call.path[1] === "unpause" && call.method === "POST") return unpause(template);
      if (call.path.length > 1) throw unknownObject(call.method, call.path.join("/"));
      if (call.method === "GET")
        return ok(pickFields(toRow(template), call.query.get("fields"), defaultFields));
      if (call.method === "POST") return edit(template, call);
      return remove(access.requireWaba(call.token, template.wabaId, "DELETE", template.id), {
        ...call,
        query: new URLSearchParams({ hsm_id: template.id }),
      });
    },
  };
}

function listOf(value: string | null): string[] | null {
  if (value === null) return null;
  const text = value.trim();
  const items: unknown = text.startsWith("[") ? JSON.parse(text) : text.split(",");
  return Array.isArray(items) ? items.map(String) : [];
}

function toRow(template: Template): Record<string, unknown> {
  return {
    name: template.name,
    parameter_format: template.parameterFormat,
    components: template.components.map(showSample),
    language: template.language,
    status: template.status,
    category: template.category,
    sub_category: "CUSTOM",
    quality_score: template.quality,
    rejected_reason: template.rejectedReason,
    previous_category: template.previousCategory ?? undefined,
    message_send_ttl_seconds: template.messageSendTtlSeconds ?? undefined,
    id: template.id,
  };
}

/** A sample comes back as an address on Meta's content network, not as the handle it was handed in with. */
function showSample(component: TemplateComponent): TemplateComponent {
  const handle = component.example?.header_handle;
  if (!Array.isArray(handle)) return component;
  const shown = handle.map(
    (value) => `https://scontent.whatsapp.net/v/t61.29466-34/${hash(String(value))}?ccb=1-7`,
  );
  return { ...component, example: { ...component.example, header_handle: shown } };
}

import * as z from "zod";
import { AppError } from "@/lib/errors";
import { type MetaTemplate, metaTemplateSchema, type Template } from "@/lib/templates/schema";
import { variablesOf } from "@/lib/templates/variables";
import { type GraphAccess, GraphError, graph } from "@/lib/whatsapp/client";
import { causeOf } from "@/lib/whatsapp/errors";

type Account = GraphAccess & { wabaId: string };

const FIELDS = "id,name,status,category,language,components,rejected_reason";
const PAGE_SIZE = 100;
/** Meta allows 6,000 templates; more pages than this mean that the cursor does not move. */
const MAX_PAGES = 200;

const createdSchema = metaTemplateSchema.pick({ id: true, status: true, category: true });
const successSchema = z.object({ success: z.boolean() });
const listSchema = z.object({
  data: z.array(z.unknown()),
  paging: z
    .object({ cursors: z.object({ after: z.string() }).partial().optional(), next: z.string().optional() })
    .optional(),
});

const pathOf = ({ wabaId }: Account, query: Record<string, string> = {}) =>
  `/${wabaId}/message_templates${Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : ""}`;

const isNamed = ({ components }: Template) =>
  variablesOf(components).some(({ component, key }) => component !== "button" && !/^\d+$/.test(key));

/** Creates the template, or edits the one that Meta knows already. */
export async function sendToMeta(account: Account, template: Template) {
  const { name, language, components, whatsappTemplateId } = template;
  const category = template.category.toUpperCase();
  if (whatsappTemplateId !== null) {
    const { success } = await graph(account, "POST", `/${whatsappTemplateId}`, successSchema, {
      category,
      components,
    });
    if (!success) throw new GraphError(100, "The change was not accepted");
    return { whatsappTemplateId, status: "PENDING", category: null };
  }
  const created = await graph(account, "POST", pathOf(account), createdSchema, {
    name,
    language,
    category,
    ...(isNamed(template) && { parameter_format: "NAMED" }),
    components,
  });
  return { whatsappTemplateId: created.id, status: created.status, category: created.category };
}

/**
 * Every template of the account, and the ids of those that could not be read too. Follows the cursor and not
 * `paging.next`, which carries the access token.
 */
export async function listAtMeta(account: Account, filter: Record<string, string> = {}) {
  const templates: MetaTemplate[] = [];
  const ids: string[] = [];
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = { ...filter, fields: FIELDS, limit: String(PAGE_SIZE), ...(after && { after }) };
    const { data, paging } = await graph(account, "GET", pathOf(account, query), listSchema);
    for (const entry of data) {
      const id = z.object({ id: z.string() }).safeParse(entry).data?.id;
      const template = metaTemplateSchema.safeParse(entry).data;
      if (id) ids.push(id);
      if (template) templates.push(template);
    }
    after = paging?.cursors?.after;
    if (!paging?.next || !after) return { templates, ids };
  }
  throw new GraphError(null, "WhatsApp's list of templates does not end");
}

export async function findAtMeta(account: Account, { name, language, whatsappTemplateId }: Template) {
  const { templates } = await listAtMeta(account, { name });
  const isTheOne = (candidate: MetaTemplate) =>
    whatsappTemplateId === null
      ? candidate.name === name && candidate.language === language
      : candidate.id === whatsappTemplateId;
  return templates.find(isTheOne) ?? null;
}

/** "Message template not found": what is gone already need not be deleted. */
const NOT_FOUND = 2593002;

/** Only this language: without the id Meta would delete all languages of the name. */
export async function deleteAtMeta(account: Account, { name, whatsappTemplateId }: Template): Promise<void> {
  const path = pathOf(account, { hsm_id: whatsappTemplateId ?? "", name });
  await graph(account, "DELETE", path, successSchema).catch((error: unknown) => {
    if (!(error instanceof GraphError && error.subcode === NOT_FOUND)) throw error;
  });
}

/** What Meta answered, in words for the owner: about the account our own, about the template Meta's. */
export function refusalOf({ code, message }: GraphError): AppError {
  if (code === null) return new AppError("UPSTREAM", "WhatsApp did not answer. Try again in a moment.");
  const { scope, retry, words, advice } = causeOf(code);
  if (scope === "account" || retry === "soon")
    return new AppError("UPSTREAM", [words, advice].filter(Boolean).join(" "));
  return new AppError("INVALID", `WhatsApp refused: ${message}`);
}

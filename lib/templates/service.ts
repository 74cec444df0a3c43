import type { TemplateStatus } from "@/lib/db/generated/enums";
import { AppError, conflict } from "@/lib/errors";
import { logger } from "@/lib/logger";
import { applyTemplateList } from "@/lib/template-standing/service";
import { templateRepository } from "@/lib/templates/repository";
import { violationsOf } from "@/lib/templates/rules";
import type { CreateTemplate, Template, UpdateTemplate } from "@/lib/templates/schema";
import type { UserId } from "@/lib/tenant";
import { type Connection, userRepository } from "@/lib/users/repository";
import { GraphError } from "@/lib/whatsapp/client";
import { deleteAtMeta, findAtMeta, listAtMeta, refusalOf, sendToMeta } from "@/lib/whatsapp/templates";

export async function createTemplate(userId: UserId, input: CreateTemplate) {
  refuseViolations(input);
  return templateRepository.create(userId, input);
}

export async function updateTemplate(
  userId: UserId,
  id: string,
  { name, language, category, components }: UpdateTemplate,
) {
  const current = await templateRepository.get(userId, id);
  refuseViolations({
    name: name ?? current.name,
    language: language ?? current.language,
    category: category ?? current.category,
    components: components ?? current.components,
  });
  return templateRepository.update(userId, id, { name, language, category, components });
}

/** Hands a draft or a rejected template to WhatsApp for review. Of two calls at once only one reaches WhatsApp. */
export async function submitTemplate(userId: UserId, id: string) {
  const template = await templateRepository.get(userId, id);
  const connection = await connectionOf(userId);
  refuseViolations(template);
  const claim = await templateRepository.claimForSubmission(userId, id);
  if (!claim) throw conflict(alreadyThere[(await templateRepository.get(userId, id)).status]);
  try {
    const { whatsappTemplateId, status, category } = await sendToMeta(connection, template);
    await templateRepository.markSubmitted(userId, id, { whatsappTemplateId, category });
    await templateRepository.applyStatus(userId, { whatsappTemplateId, status });
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    if (error.code === null) await settleUnanswered(userId, connection, template, claim.previousStatus);
    else {
      await templateRepository.release(userId, id, claim.previousStatus);
      throw refusalOf(error);
    }
  }
  return templateRepository.get(userId, id);
}

/** No answer is no refusal: WhatsApp may have the template. Returns when it does, and throws otherwise. */
async function settleUnanswered(
  userId: UserId,
  connection: Connection,
  template: Template,
  previousStatus: TemplateStatus,
) {
  const found = await findAtMeta(connection, template).catch((error: unknown) => {
    if (error instanceof GraphError) return undefined;
    throw error;
  });
  if (found === undefined) {
    throw new AppError(
      "UPSTREAM",
      "WhatsApp did not answer, so we do not know whether the template arrived. We keep asking; its status will tell.",
    );
  }
  if (found) await templateRepository.upsertFromMeta(userId, found);
  else await templateRepository.release(userId, template.id, previousStatus);
  const { status } = await templateRepository.get(userId, template.id);
  if (status === previousStatus)
    throw new AppError("UPSTREAM", "WhatsApp did not answer. Try again in a moment.");
}

const alreadyThere: Record<TemplateStatus, string> = {
  draft: "This template was just being submitted. Try again.",
  rejected: "This template was just being submitted. Try again.",
  pending: "This template is in review already.",
  approved: "This template is approved already.",
  paused: "Meta has paused this template; it cannot be submitted again.",
  disabled: "Meta has disabled this template. Duplicate it and submit the copy.",
};

/** Brings our list in line with WhatsApp's. */
export async function syncTemplates(userId: UserId) {
  const connection = await connectionOf(userId);
  const { templates, ids } = await listAtMeta(connection).catch((error: unknown) => {
    throw error instanceof GraphError ? refusalOf(error) : error;
  });
  return applyTemplateList(userId, templates, ids);
}

/** Deletes at WhatsApp too, unless it was never there or the account is no longer connected. */
export async function deleteTemplate(userId: UserId, id: string): Promise<void> {
  const template = await templateRepository.get(userId, id);
  await templateRepository.assertRemovable(userId, id);
  const connection =
    template.whatsappTemplateId === null ? null : await userRepository.findConnection(userId);
  if (connection) {
    await deleteAtMeta(connection, template).catch((error: unknown) => {
      throw error instanceof GraphError ? refusalOf(error) : error;
    });
  }
  await templateRepository.remove(userId, id);
}

/** Asks WhatsApp about whatever has waited for more than a minute, in case its webhook was lost. */
export async function sweepTemplates(): Promise<void> {
  for (const userId of await templateRepository.findPendingOfAllTenants()) {
    await syncTemplates(userId).catch((error: unknown) =>
      logger.warn(
        { userId, error: error instanceof AppError ? error.code : String(error) },
        "templates were not synced",
      ),
    );
  }
}

async function connectionOf(userId: UserId): Promise<Connection> {
  const connection = await userRepository.findConnection(userId);
  if (!connection) throw conflict("WhatsApp is not connected. Connect it in Settings, or use the sandbox.");
  return connection;
}

function refuseViolations(template: Pick<Template, "name" | "language" | "category" | "components">): void {
  const violations = violationsOf(template);
  if (violations.length === 0) return;
  const fields: Record<string, string[]> = {};
  for (const { field, message } of violations) fields[field] = [...(fields[field] ?? []), message];
  throw new AppError("INVALID", "WhatsApp would refuse this template. Check the highlighted fields.", fields);
}

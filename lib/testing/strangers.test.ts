import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { alertRepository } from "@/lib/alerts/repository";
import { audienceRepository } from "@/lib/audiences/repository";
import { brakeRepository } from "@/lib/brakes/repository";
import { bulkActionRepository } from "@/lib/bulk-actions/repository";
import { campaignRepository } from "@/lib/campaigns/repository";
import { confirmationRepository } from "@/lib/confirmations/repository";
import { consentRepository } from "@/lib/consent/repository";
import { contactExportRepository } from "@/lib/contact-exports/repository";
import { contactFieldRepository } from "@/lib/contact-fields/repository";
import { contactFilterRepository } from "@/lib/contact-filters/repository";
import type { Filter } from "@/lib/contact-filters/schema";
import { contactListRepository } from "@/lib/contact-lists/repository";
import { contactTimelineRepository } from "@/lib/contact-timelines/repository";
import { contactRepository } from "@/lib/contacts/repository";
import { counterRepository } from "@/lib/counters/repository";
import { pool } from "@/lib/db/pool";
import { eventConsoleRepository } from "@/lib/event-console/repository";
import { identityRepository } from "@/lib/identity/repository";
import { BatchBuilder } from "@/lib/import-runs/batch";
import { importRunRepository } from "@/lib/import-runs/repository";
import { importUndoRepository } from "@/lib/import-undos/repository";
import { importRepository } from "@/lib/imports/repository";
import { newId } from "@/lib/inbox/conversation";
import { inboxRepository } from "@/lib/inbox/repository";
import { laneRepository } from "@/lib/lanes/repository";
import { messageRepository } from "@/lib/messages/repository";
import { lost } from "@/lib/messages/settlement";
import { personalDataRepository } from "@/lib/personal-data/repository";
import { replayRepository } from "@/lib/replays/repository";
import { segmentRepository } from "@/lib/segments/repository";
import { standingRepository } from "@/lib/standing/repository";
import { templateRepository } from "@/lib/templates/repository";
import type { UserId } from "@/lib/tenant";
import { plantEvent } from "@/lib/testing/events";
import {
  claimMessages,
  createCampaign,
  createContact,
  createMessage,
  createTemplate,
  createUser,
} from "@/lib/testing/factories";
import { userRepository } from "@/lib/users/repository";
import { webhookEventRepository } from "@/lib/webhook-events/repository";

/** Every method of every repository, called by a stranger with the ids of somebody else's rows. */

const marker = `marker-${randomUUID()}`;
const laneOwner = randomUUID();
const claimedAt = new Date();
const everybody: Filter = [];

type Ids = {
  contactId: string;
  templateId: string;
  campaignId: string;
  messageId: string;
  sendingId: string;
  inboundId: string;
  importId: string;
  eventId: string;
  replayId: string;
  bulkActionId: string;
  segmentId: string;
  whatsappMessageId: string;
  whatsappTemplateId: string;
  waId: string;
};
type Attempt = (stranger: UserId, ids: Ids) => unknown;

const receipt = ({ messageId, whatsappMessageId }: Ids) => ({
  ...{ messageId, whatsappMessageId, at: null, attempt: null, errorCode: null, errorMessage: null },
  ...{ category: null, pricingType: null },
  state: "read" as const,
});
const runner = randomUUID();
const options = {} as Parameters<typeof importRepository.start>[2];
const report = ({ whatsappTemplateId }: Ids) => ({ whatsappTemplateId, status: "REJECTED", reason: "SCAM" });

const tracesOf = ({ messageId, whatsappMessageId }: Ids) => ({
  ...{ names: [marker], whatsappMessageIds: [whatsappMessageId], messageIds: [messageId] },
});

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

const repositories = {
  alerts: alertRepository,
  users: userRepository,
  contacts: contactRepository,
  contactFields: contactFieldRepository,
  contactFilters: contactFilterRepository,
  contactLists: contactListRepository,
  contactExports: contactExportRepository,
  personalData: personalDataRepository,
  bulkActions: bulkActionRepository,
  segments: segmentRepository,
  contactTimelines: contactTimelineRepository,
  consent: consentRepository,
  confirmations: confirmationRepository,
  identity: identityRepository,
  imports: importRepository,
  importRuns: importRunRepository,
  importUndos: importUndoRepository,
  templates: templateRepository,
  audiences: audienceRepository,
  campaigns: campaignRepository,
  brakes: brakeRepository,
  counters: counterRepository,
  messages: messageRepository,
  lanes: laneRepository,
  standing: standingRepository,
  inbox: inboxRepository,
  webhookEvents: webhookEventRepository,
  eventConsole: eventConsoleRepository,
  replays: replayRepository,
};

const attempts: Record<keyof typeof repositories, Record<string, Attempt>> = {
  alerts: {
    open: (me, { campaignId }) => alertRepository.open(me, `campaign:${campaignId}`, "x"),
    resolve: (me) => alertRepository.resolve(me, marker),
    resolveAll: (me) => alertRepository.resolveAll(me, "marker"),
    listOpen: (me) => alertRepository.listOpen(me),
  },
  users: {
    get: (me) => userRepository.get(me),
    update: (me) => userRepository.update(me, { businessName: "x", timeZone: "UTC", defaultCountry: "IN" }),
    updateConsentSettings: (me) =>
      userRepository.updateConsentSettings(me, {
        ...{ optOutWords: ["x"], optInWords: [], confirmsOptOut: true, optOutReply: "x" },
      }),
    getConsentSettings: (me) => userRepository.getConsentSettings(me),
    getCredentials: (me) => userRepository.getCredentials(me),
    revokeSessions: (me) => userRepository.revokeSessions(me),
    findConnection: (me) => userRepository.findConnection(me),
    disconnect: (me) => userRepository.disconnect(me),
  },
  contactFilters: {
    count: (me) => contactFilterRepository.count(me, [{ field: "search", text: marker }]),
    countAll: (me) => contactFilterRepository.countAll(me, [{ field: "search", text: marker }]),
  },
  contactExports: {
    stream: (me) => all(contactExportRepository.stream(me, [])),
  },
  personalData: {
    collect: (me, { contactId }) => personalDataRepository.collect(me, contactId),
    locate: (me, { contactId }) => personalDataRepository.locate(me, contactId),
    findEvents: (me, ids) => all(personalDataRepository.findEvents(me, tracesOf(ids))),
    replacePayloads: (me, { eventId }) =>
      personalDataRepository.replacePayloads(me, [{ id: eventId, payload: {} }]),
    findKeptRows: (me, ids) =>
      all(personalDataRepository.findKeptRows(me, { phone: null, email: marker, traces: tracesOf(ids) })),
    blankRows: (me, { importId }) => personalDataRepository.blankRows(me, [{ importId, line: 2 }]),
    findLeftIds: (me) => all(personalDataRepository.findLeftIds(me)),
    forgetMessages: (me, { messageId, inboundId }) =>
      personalDataRepository.forgetMessages(me, [messageId, inboundId]),
    erase: (me, { contactId }) => personalDataRepository.erase(me, contactId),
  },
  bulkActions: {
    create: async (me, { contactId }) => {
      const chosen = { kind: "tag" as const, tags: ["x"], selection: { ids: [contactId] } };
      const { id, totalCount } = await bulkActionRepository.create(me, chosen);
      await bulkActionRepository.proceed(me, id);
      return totalCount;
    },
    get: (me, { bulkActionId }) => bulkActionRepository.get(me, bulkActionId),
    listRunning: (me) => bulkActionRepository.listRunning(me),
    cancel: (me, { bulkActionId }) => bulkActionRepository.cancel(me, bulkActionId),
    proceed: (me, { bulkActionId }) => bulkActionRepository.proceed(me, bulkActionId),
  },
  segments: {
    create: async (me) => {
      await segmentRepository.create(me, { name: "x", filter: [] });
    },
    list: (me) => segmentRepository.list(me),
    find: (me, { segmentId }) => segmentRepository.find(me, segmentId),
    update: (me, { segmentId }) => segmentRepository.update(me, segmentId, { name: "x", filter: [] }),
    remove: (me, { segmentId }) => segmentRepository.remove(me, segmentId),
  },
  contactFields: { list: (me) => contactFieldRepository.list(me) },
  contactLists: { page: (me) => contactListRepository.page(me, {}) },
  contacts: {
    findOptedInContacts: (me) => contactRepository.findOptedInContacts(me),
    find: (me, { contactId }) => contactRepository.find(me, contactId),
    get: (me, { contactId }) => contactRepository.get(me, contactId),
    update: (me, { contactId }) => contactRepository.update(me, contactId, { name: "x" }),
    listTags: (me) => contactRepository.listTags(me),
    listCustomFields: (me) => contactRepository.listCustomFields(me),
    block: (me, { contactId }) => contactRepository.block(me, contactId, "x"),
    unblock: (me, { contactId }) => contactRepository.unblock(me, contactId),
    remove: (me, { contactId }) => contactRepository.remove(me, contactId),
    countByConsent: (me) => contactRepository.countByConsent(me),
  },
  contactTimelines: { page: (me, { contactId }) => contactTimelineRepository.page(me, contactId) },
  consent: {
    list: (me, { contactId }) => consentRepository.list(me, contactId),
    set: (me, { contactId }) => consentRepository.set(me, contactId, { action: "opt_out", source: "manual" }),
    optInAgain: (me, { contactId }) => consentRepository.optInAgain(me, contactId, { source: "keyword" }),
    resume: (me, { contactId }) => consentRepository.resume(me, contactId, {}),
  },
  confirmations: {
    queue: (me, { contactId }) => confirmationRepository.queue(me, contactId, "x"),
  },
  identity: {
    isCurrent: async (me, { contactId }) => identityRepository.isCurrent(me, contactId),
    list: (me, { waId }) => identityRepository.list(me, { waId }),
    recordInbound: async (me, { waId }) => ({
      optedIn: (await identityRepository.recordInbound(me, { waId, at: new Date() })).optedIn,
    }),
    changeIdentity: async (me, { waId }) => {
      await identityRepository.changeIdentity(me, { waId }, { waId: "19999999999" });
    },
    previewMerge: async (me, { contactId }) =>
      identityRepository.previewMerge(me, (await createContact(me)).id, contactId),
    merge: async (me, { contactId }) => identityRepository.merge(me, (await createContact(me)).id, contactId),
  },
  imports: {
    find: (me, { importId }) => importRepository.find(me, importId),
    get: (me, { importId }) => importRepository.get(me, importId),
    list: (me) => importRepository.list(me),
    listColumns: (me, { importId }) => importRepository.listColumns(me, importId),
    showRejected: (me, { importId }) => importRepository.showRejected(me, importId),
    listRejected: (me, { importId }) => importRepository.listRejected(me, importId, 0),
    listPeople: (me, { importId }) => importRepository.listPeople(me, importId, { list: "changed" }),
    start: (me, { importId }) => importRepository.start(me, importId, options, "x"),
    discard: (me, { importId }) => importRepository.discard(me, importId),
    listOptions: (me) => importRepository.listOptions(me, [marker]),
    countContacts: (me) => importRepository.countContacts(me),
    countNewcomers: (me) => importRepository.countNewcomers(me, []),
    prepare: async (me) => (await importRepository.prepare(me)).storedBytes,
  },
  importRuns: {
    claim: (me, { importId }) => importRunRepository.claim(me, importId, runner),
    renew: (me, { importId }) => importRunRepository.renew(me, importId, runner),
    release: (me, { importId }) => importRunRepository.release(me, importId, runner),
    write: (me, { importId }) => {
      const run = {
        ...{ runner, options, consentStatement: "", positions: [0] },
        tier: "free",
        isTight: false,
      } as const;
      const batch = new BatchBuilder(me, importId, false).take();
      return importRunRepository.write(
        me,
        importId,
        { ...run, positions: [0] },
        { index: 0, position: 0 },
        batch,
      );
    },
    complete: (me, { importId }) => importRunRepository.complete(me, importId, runner),
    fail: (me, { importId }) => importRunRepository.fail(me, importId, "x"),
  },
  importUndos: {
    check: (me, { importId }) => importUndoRepository.check(me, importId),
    start: (me, { importId }) => importUndoRepository.start(me, importId),
    claim: (me, { importId }) => importUndoRepository.claim(me, importId, runner),
    removeCreated: (me, { importId }) => importUndoRepository.removeCreated(me, importId, runner, null),
    restoreChanged: (me, { importId }) => importUndoRepository.restoreChanged(me, importId, runner, null),
    finish: (me, { importId }) => importUndoRepository.finish(me, importId, runner),
  },
  templates: {
    find: (me, { templateId }) => templateRepository.find(me, templateId),
    get: (me, { templateId }) => templateRepository.get(me, templateId),
    list: (me) => templateRepository.list(me),
    listApproved: (me) => templateRepository.listApproved(me),
    countByStatus: (me) => templateRepository.countByStatus(me),
    update: (me, { templateId }) => templateRepository.update(me, templateId, { name: "x" }),
    claimForSubmission: (me, { templateId }) => templateRepository.claimForSubmission(me, templateId),
    release: (me, { templateId }) => templateRepository.release(me, templateId, "draft"),
    markSubmitted: (me, { templateId }) =>
      templateRepository.markSubmitted(me, templateId, { whatsappTemplateId: "1", category: null }),
    applyStatus: (me, ids) => templateRepository.applyStatus(me, report(ids)),
    findReported: (me, { whatsappTemplateId }) =>
      templateRepository.findReported(me, { whatsappTemplateId, name: marker, language: "en_US" }),
    rate: (me, { templateId }) => templateRepository.rate(me, templateId, "RED"),
    listStates: (me) => templateRepository.listStates(me),
    categorize: (me, { templateId }) => templateRepository.categorize(me, templateId, "utility", null),
    announceCategory: (me, { templateId }) =>
      templateRepository.announceCategory(me, templateId, "utility", { from: null, at: null }),
    rewrite: (me, { templateId }) => templateRepository.rewrite(me, templateId, []),
    settleMissing: (me) => templateRepository.settleMissing(me, []),
    remove: (me, { templateId }) => templateRepository.remove(me, templateId),
    assertRemovable: (me, { templateId }) => templateRepository.assertRemovable(me, templateId),
  },
  audiences: {
    freeze: (me, { campaignId }) => audienceRepository.freeze(me, campaignId),
    count: (me) => audienceRepository.count(me, everybody),
    countWithinWindow: (me) => audienceRepository.countWithinWindow(me, everybody),
    preview: (me) => audienceRepository.preview(me, everybody, [{ field: "name", fallback: "x" }]),
  },
  campaigns: {
    find: (me, { campaignId }) => campaignRepository.find(me, campaignId),
    get: (me, { campaignId }) => campaignRepository.get(me, campaignId),
    list: (me) => campaignRepository.list(me),
    countByStatus: (me) => campaignRepository.countByStatus(me),
    listScheduled: (me) => campaignRepository.listScheduled(me, 10),
    totals: (me) => campaignRepository.totals(me),
    update: (me, { campaignId }) =>
      campaignRepository.update(me, campaignId, {
        name: "x",
        messageType: "template",
        messageContent: { parameters: [] },
      }),
    remove: (me, { campaignId }) => campaignRepository.remove(me, campaignId),
    move: (me, { campaignId }) => campaignRepository.move(me, campaignId, "canceled"),
    schedule: (me, { campaignId }) => campaignRepository.schedule(me, campaignId, "2999-01-01T00:00:00Z"),
    start: (me, { campaignId }) => campaignRepository.start(me, campaignId, { onlyIfDue: false }),
    settleUnapproved: (me, { campaignId }) => campaignRepository.settleUnapproved(me, campaignId),
    isMediaOutdated: (me, { campaignId }) => campaignRepository.isMediaOutdated(me, campaignId, null),
    listExisting: (me, { campaignId }) => campaignRepository.listExisting(me, [campaignId]),
    listWaitingFor: (me, { segmentId }) => campaignRepository.listWaitingFor(me, segmentId),
    pause: (me, { campaignId }) => campaignRepository.pause(me, campaignId, "x"),
    pauseUnapproved: (me) => campaignRepository.pauseUnapproved(me),
    pauseRecategorized: (me) => campaignRepository.pauseRecategorized(me),
    pauseAll: (me) => campaignRepository.pauseAll(me, "x"),
    cancel: (me, { campaignId }) => campaignRepository.cancel(me, campaignId),
    requeueUnknown: (me, { campaignId }) => campaignRepository.requeueUnknown(me, campaignId),
    holdMissed: (me, { campaignId }) => campaignRepository.holdMissed(me, campaignId),
    requeueFailed: (me, { campaignId }) => campaignRepository.requeueFailed(me, campaignId),
    requeueHeldBack: (me, { campaignId }) => campaignRepository.requeueHeldBack(me, campaignId),
    countRetryable: (me, { campaignId }) => campaignRepository.countRetryable(me, campaignId),
    listSending: (me) => campaignRepository.listSending(me),
    finishAll: (me) => campaignRepository.finishAll(me),
  },
  brakes: {
    findEvidence: (me) => brakeRepository.findEvidence(me),
    stopRun: (me, { campaignId }) => brakeRepository.stopRun(me, campaignId, null, "x"),
    markCanariesSent: (me) => brakeRepository.markCanariesSent(me),
    findCanaryOutcome: (me, { campaignId }) => brakeRepository.findCanaryOutcome(me, campaignId),
    releaseCanary: (me, { campaignId }) =>
      brakeRepository.releaseCanary(me, campaignId, { onlyIfDue: false }),
    stopCanary: (me, { campaignId }) => brakeRepository.stopCanary(me, campaignId, null, "x"),
  },
  counters: {
    recount: (me, { campaignId }) => counterRepository.recount(me, campaignId),
  },
  messages: {
    claim: (me, { campaignId }) => claimMessages(me, campaignId, 10),
    countInitiated: (me) => messageRepository.countInitiated(me),
    settle: async (me, { sendingId }) => [
      ...(await messageRepository.settle(me, [
        lost({ id: sendingId, retryCount: 0, claimedAt: claimedAt.toISOString() }),
      ])),
    ],
    record: async (me, ids) => [...(await messageRepository.record(me, [receipt(ids)]))],
    rememberWaIds: (me, { messageId, waId }) =>
      messageRepository.rememberWaIds(me, [{ id: messageId, phone: `+${waId}`, waId: "1" }]),
    findNextDueMs: (me) => messageRepository.findNextDueMs(me),
    countByStatus: (me, { campaignId }) => messageRepository.countByStatus(me, campaignId),
    countHeldLong: (me, { campaignId }) => messageRepository.countHeldLong(me, campaignId),
    listRecipients: (me, { campaignId }) => messageRepository.listRecipients(me, campaignId, {}),
    isStored: (me, { whatsappMessageId }) => messageRepository.isStored(me, whatsappMessageId),
    createInbound: (me, { contactId }) =>
      messageRepository.createInbound(me, {
        contactId,
        whatsappMessageId: randomUUID(),
        type: "text",
        content: {},
        at: new Date(),
      }),
    findTargets: (me, ids) => messageRepository.findTargets(me, [receipt(ids)]),
  },
  inbox: {
    list: (me) => inboxRepository.list(me, { filter: "all", search: marker }),
    countUnread: (me) => inboxRepository.countUnread(me),
    find: (me, { contactId }) => inboxRepository.find(me, contactId),
    get: (me, { contactId }) => inboxRepository.get(me, contactId),
    listEntries: (me, { contactId }) => inboxRepository.listEntries(me, contactId),
    see: (me, { contactId, inboundId }) => inboxRepository.see(me, contactId, inboundId),
    claimReply: (me, { contactId, templateId }) =>
      inboxRepository.claimReply(me, contactId, { id: newId(), type: "template", content: {}, templateId }),
    findReply: (me, { contactId, messageId }) => inboxRepository.findReply(me, contactId, messageId),
    findFile: (me, { inboundId }) => inboxRepository.findFile(me, inboundId),
  },
  lanes: {
    acquire: (me) => laneRepository.acquire(me, randomUUID()),
    find: (me) => laneRepository.find(me),
    findBusyMs: (me) => laneRepository.findBusyMs(me),
    forget: (me) => laneRepository.forget(me),
    renew: (me) => laneRepository.renew(me, laneOwner),
    release: (me) => laneRepository.release(me, laneOwner),
    throttle: (me) => laneRepository.throttle(me, 1),
    remember: (me) => laneRepository.remember(me, { messagingLimit: 1, qualityRating: "RED" }),
  },
  standing: {
    isNewest: (me) => standingRepository.isNewest(me, marker, new Date()),
  },
  webhookEvents: {},
  eventConsole: {
    list: (me) => eventConsoleRepository.list(me, { search: marker }),
    count: (me) => eventConsoleRepository.count(me, {}),
    find: (me, { eventId }) => eventConsoleRepository.find(me, eventId),
    findSubjects: (me, { messageId, whatsappMessageId, whatsappTemplateId, waId }) =>
      eventConsoleRepository.findSubjects(me, {
        messageIds: [messageId],
        whatsappMessageIds: [whatsappMessageId],
        waIds: [waId],
        waUserIds: [],
        templateIds: [whatsappTemplateId],
      }),
    findSilence: (me) => eventConsoleRepository.findSilence(me),
    reset: (me, { eventId }) => eventConsoleRepository.reset(me, eventId),
  },
  replays: {
    start: (me) => replayRepository.start(me, { search: marker }, 1).then((id) => id !== null),
    findLatest: (me) => replayRepository.findLatest(me),
    takeNext: (me, { replayId }) => replayRepository.takeNext(me, replayId, 10),
    countOutcomes: (me, { eventId }) => replayRepository.countOutcomes(me, [eventId]),
    addFailed: (me, { replayId }) => replayRepository.addFailed(me, replayId, 1),
    end: (me, { replayId }) => replayRepository.end(me, replayId, "stopped"),
  },
};

/** Methods that take no tenant, each with its reason. */
const exempt: Record<string, string> = {
  "users.create": "makes a tenant",
  "users.connect":
    "writes only what it is given; takes another account's number in lib/users/service.test.ts",
  "users.findCredentials": "sign-in, before there is a tenant",
  "users.findBySession": "turns a session into a tenant",
  "users.takeSignInAttempt": "sign-in, before there is a tenant",
  "users.forgetSignInAttempts": "sign-in, before there is a tenant",
  "contacts.create": "writes only what it is given",
  "contacts.createAll": "writes only what it is given",
  "imports.create": "writes only what it is given",
  "templates.create": "writes only what it is given",
  "templates.upsertFromMeta": "writes only what it is given",
  "campaigns.create":
    "writes only what it is given; a foreign template is refused in lib/campaigns/repository.test.ts",
  "messages.updateStatusByWhatsAppMessageId": "Meta knows a message only by its own id",
  "messages.recordOfAllTenants": "each receipt names its account",
  "webhookEvents.record": "comes with its tenant",
  "webhookEvents.takeUnprocessed": "the processor works for all tenants",
  "webhookEvents.takeParked": "the processor works for all tenants",
  "webhookEvents.apply": "the processor works for all tenants",
  "webhookEvents.settle": "the processor works for all tenants",
  "webhookEvents.deleteOldEvents": "works for all tenants by its contract",
};

const cases = Object.entries(attempts).flatMap(([repository, methods]) =>
  Object.entries(methods).map(([method, attempt]) => ({ name: `${repository}.${method}`, attempt })),
);

const tables = [
  "alerts",
  "contacts",
  "contact_fields",
  "consent_events",
  "suppressions",
  "segments",
  "bulk_actions",
  "bulk_action_contacts",
  "imports",
  "import_rejections",
  "import_changes",
  "templates",
  "campaigns",
  "messages",
  "conversations",
  "webhook_events",
  "lanes",
  "standings",
  "replays",
];

async function rowsOf(owner: UserId): Promise<unknown> {
  const found = tables.map((table) =>
    pool.query(`SELECT * FROM ${table} WHERE "userId" = $1 ORDER BY 1`, [owner]),
  );
  const user = pool.query("SELECT * FROM users WHERE id = $1", [owner]);
  return (await Promise.all([...found, user])).map(({ rows }) => rows);
}

let owner: UserId;
let ids: Ids;

beforeAll(async () => {
  owner = await createUser({
    businessName: marker,
    accessToken: marker,
    phoneNumberId: marker,
    wabaId: marker,
  });
  const contact = await createContact(owner, {
    name: marker,
    tags: [marker],
    metadata: { [marker]: marker },
  });
  const template = await createTemplate(owner, { name: marker, status: "approved" });
  const campaign = await createCampaign(owner, {
    ...{
      name: marker,
      templateId: template.id,
      status: "processing",
      startedAt: new Date(),
      frozenAt: new Date(),
    },
    templateSnapshot: { name: marker },
  });
  const message = await createMessage(owner, campaign.id, contact.id, {
    whatsappMessageId: marker,
    content: { parameters: [marker] },
  });
  const { id: sendingId } = await createMessage(owner, campaign.id, (await createContact(owner)).id, {
    status: "sending",
    claimedAt,
  });
  const { id: inboundId } = await createMessage(owner, null, contact.id, {
    ...{ direction: "inbound", type: "document", status: "delivered" },
    content: { type: "document", document: { id: "1", filename: marker } },
  });
  await laneRepository.acquire(owner, laneOwner);
  await standingRepository.isNewest(owner, marker, new Date(0));
  await alertRepository.open(owner, marker, marker);
  const { id: importId } = await importRepository.create(owner, {
    fileName: marker,
    fileBytes: 1,
    totalRows: 1,
  });
  await pool.query(
    `INSERT INTO import_rejections ("userId", "importId", line, "isDuplicate", reason, cells)
     VALUES ($1, $2, 2, false, 'x', ARRAY[$3])`,
    [owner, importId, marker],
  );
  const { id: bulkActionId } = await bulkActionRepository.create(owner, {
    ...{ kind: "tag", tags: [marker], selection: { ids: [contact.id] } },
  });
  const { id: segmentId } = await segmentRepository.create(owner, {
    ...{ name: marker, filter: [{ field: "search", text: marker }] },
  });
  ids = {
    ...{
      contactId: contact.id,
      templateId: template.id,
      campaignId: campaign.id,
      messageId: message.id,
      sendingId,
      inboundId,
      importId,
      eventId: await plantEvent(owner, { payload: { marker } }),
      replayId: (await replayRepository.start(owner, { search: marker }, 1)) ?? "",
      bulkActionId,
      segmentId,
    },
    ...{ whatsappMessageId: marker, whatsappTemplateId: template.whatsappTemplateId ?? "" },
    waId: (contact.phone ?? "").slice(1),
  };
});

describe("a stranger", () => {
  test.each(cases)("gets nothing from $name and changes nothing", async ({ attempt }) => {
    const stranger = await createUser();
    const before = await rowsOf(owner);

    const answer = await Promise.resolve(attempt(stranger, ids)).catch((error: Error) => error.message);

    expect(JSON.stringify(answer ?? null)).not.toContain(marker);
    for (const id of [ids.contactId, ids.messageId]) expect(JSON.stringify(answer ?? null)).not.toContain(id);
    expect(await rowsOf(owner)).toEqual(before);
  });

  test("is tried on every method of every repository, or there is a reason why not", () => {
    const methods = Object.entries(repositories).flatMap(([name, repository]) =>
      Object.keys(repository).map((method) => `${name}.${method}`),
    );
    const covered = new Set([...cases.map(({ name }) => name), ...Object.keys(exempt)]);

    expect(methods.filter((name) => !covered.has(name) && !name.endsWith("OfAllTenants"))).toEqual([]);
  });

  test("is told from the owner, who does see the marker", async () => {
    expect(JSON.stringify(await contactRepository.get(owner, ids.contactId))).toContain(marker);
    expect(JSON.stringify(await campaignRepository.list(owner))).toContain(marker);
  });
});

-- RFC 9562 version 7: 48 bits of milliseconds, 12 bits of their fraction, 62 random bits. The clock is read once and
-- every part is used once, so that PostgreSQL can inline the function into the INSERT.
CREATE FUNCTION uuid_v7() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE
AS $$
  SELECT (
    left(
      overlay(
        lpad(to_hex((extract(epoch FROM clock_timestamp()) * 65536000)::bigint), 16, '0') PLACING '7' FROM 13 FOR 0
      ),
      16
    ) || substr(gen_random_uuid()::text, 20)
  )::uuid
$$;

-- What remains of a phone number in "suppressions" after the person is erased.
CREATE FUNCTION suppression_hash("userId" uuid, phone text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
  SELECT encode(sha256(convert_to("userId"::text || ':' || phone, 'UTF8')), 'hex')
$$;

-- CreateEnum
CREATE TYPE "SubscriptionTier" AS ENUM ('free', 'basic', 'pro');

-- CreateEnum
CREATE TYPE "OptInSource" AS ENUM ('manual', 'csv', 'api', 'webhook');

-- CreateEnum
CREATE TYPE "TemplateCategory" AS ENUM ('marketing', 'utility', 'authentication');

-- CreateEnum
CREATE TYPE "TemplateStatus" AS ENUM ('draft', 'pending', 'approved', 'rejected', 'paused', 'disabled');

-- CreateEnum
CREATE TYPE "MessageType" AS ENUM ('text', 'template');

-- CreateEnum
CREATE TYPE "CampaignStatus" AS ENUM ('draft', 'scheduled', 'processing', 'completed', 'failed', 'paused', 'canceled');

-- CreateEnum
CREATE TYPE "MessageDirection" AS ENUM ('outbound', 'inbound');

-- CreateEnum
CREATE TYPE "MessageContentType" AS ENUM ('text', 'template', 'image', 'document');

-- CreateEnum
CREATE TYPE "MessageStatus" AS ENUM ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown', 'skipped');

-- CreateEnum
CREATE TYPE "ConsentAction" AS ENUM ('opt_in', 'opt_out');

-- CreateEnum
CREATE TYPE "ConsentSource" AS ENUM ('manual', 'csv', 'api', 'webhook', 'keyword', 'button', 'whatsapp_settings', 'error_131050');

-- CreateEnum
CREATE TYPE "ImportStatus" AS ENUM ('uploaded', 'processing', 'completed', 'failed');

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL DEFAULT uuid_v7(),
    "email" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "sessionVersion" INTEGER NOT NULL DEFAULT 0,
    "businessName" TEXT,
    "timeZone" TEXT NOT NULL DEFAULT 'UTC',
    "defaultCountry" TEXT NOT NULL DEFAULT 'US',
    "wabaId" TEXT,
    "phoneNumberId" TEXT,
    "displayPhoneNumber" TEXT,
    "appId" TEXT,
    "accessToken" TEXT NOT NULL DEFAULT '',
    "webhookVerifyToken" TEXT,
    "appSecret" TEXT,
    "isSandbox" BOOLEAN NOT NULL DEFAULT false,
    "messagesPerSecond" INTEGER NOT NULL DEFAULT 80,
    "subscriptionTier" "SubscriptionTier" NOT NULL DEFAULT 'free',
    "isActive" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contacts" (
    "id" UUID NOT NULL DEFAULT uuid_v7(),
    "userId" UUID NOT NULL,
    "phone" TEXT,
    "waUserId" TEXT,
    "waId" TEXT,
    "name" TEXT,
    "email" TEXT,
    "optedIn" BOOLEAN NOT NULL DEFAULT false,
    "optedInAt" TIMESTAMPTZ(3),
    "optedOutAt" TIMESTAMPTZ(3),
    "optInSource" "OptInSource" NOT NULL DEFAULT 'manual',
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "isBlocked" BOOLEAN NOT NULL DEFAULT false,
    "blockedReason" TEXT,
    "lastInboundAt" TIMESTAMPTZ(3),
    "importId" UUID,
    "deletedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consent_events" (
    "id" UUID NOT NULL DEFAULT uuid_v7(),
    "userId" UUID NOT NULL,
    "contactId" UUID NOT NULL,
    "action" "ConsentAction" NOT NULL,
    "source" "ConsentSource" NOT NULL,
    "wording" TEXT,
    "importId" UUID,
    "fileRow" INTEGER,
    "actor" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consent_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suppressions" (
    "id" UUID NOT NULL DEFAULT uuid_v7(),
    "userId" UUID NOT NULL,
    "phoneHash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "suppressions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "imports" (
    "id" UUID NOT NULL DEFAULT uuid_v7(),
    "userId" UUID NOT NULL,
    "fileName" TEXT NOT NULL,
    "mapping" JSONB NOT NULL DEFAULT '{}',
    "consentStatement" TEXT,
    "status" "ImportStatus" NOT NULL DEFAULT 'uploaded',
    "totalRows" INTEGER NOT NULL DEFAULT 0,
    "createdCount" INTEGER NOT NULL DEFAULT 0,
    "updatedCount" INTEGER NOT NULL DEFAULT 0,
    "unchangedCount" INTEGER NOT NULL DEFAULT 0,
    "rejectedCount" INTEGER NOT NULL DEFAULT 0,
    "rejectedRows" JSONB NOT NULL DEFAULT '[]',
    "errorMessage" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completedAt" TIMESTAMPTZ(3),

    CONSTRAINT "imports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "templates" (
    "id" UUID NOT NULL DEFAULT uuid_v7(),
    "userId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "whatsappTemplateId" TEXT,
    "language" TEXT NOT NULL DEFAULT 'en_US',
    "category" "TemplateCategory" NOT NULL,
    "status" "TemplateStatus" NOT NULL DEFAULT 'draft',
    "components" JSONB NOT NULL,
    "rejectionReason" TEXT,
    "approvedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "templates_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaigns" (
    "id" UUID NOT NULL DEFAULT uuid_v7(),
    "userId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "templateId" UUID,
    "messageType" "MessageType" NOT NULL,
    "messageContent" JSONB NOT NULL,
    "audience" JSONB NOT NULL DEFAULT '{}',
    "templateSnapshot" JSONB,
    "status" "CampaignStatus" NOT NULL DEFAULT 'draft',
    "pauseReason" TEXT,
    "scheduledAt" TIMESTAMPTZ(3),
    "startedAt" TIMESTAMPTZ(3),
    "frozenAt" TIMESTAMPTZ(3),
    "completedAt" TIMESTAMPTZ(3),
    "totalRecipients" INTEGER NOT NULL DEFAULT 0,
    "sentCount" INTEGER NOT NULL DEFAULT 0,
    "deliveredCount" INTEGER NOT NULL DEFAULT 0,
    "failedCount" INTEGER NOT NULL DEFAULT 0,
    "readCount" INTEGER NOT NULL DEFAULT 0,
    "errorMessage" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "campaigns_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "messages" (
    "id" UUID NOT NULL DEFAULT uuid_v7(),
    "campaignId" UUID,
    "contactId" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "whatsappMessageId" TEXT,
    "direction" "MessageDirection" NOT NULL,
    "type" "MessageContentType" NOT NULL,
    "content" JSONB NOT NULL,
    "status" "MessageStatus" NOT NULL DEFAULT 'queued',
    "sentAt" TIMESTAMPTZ(3),
    "deliveredAt" TIMESTAMPTZ(3),
    "readAt" TIMESTAMPTZ(3),
    "failedAt" TIMESTAMPTZ(3),
    "errorCode" TEXT,
    "errorMessage" TEXT,
    "retryCount" INTEGER NOT NULL DEFAULT 0,
    "claimedAt" TIMESTAMPTZ(3),
    "notBefore" TIMESTAMPTZ(3),
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_events" (
    "id" UUID NOT NULL DEFAULT uuid_v7(),
    "userId" UUID,
    "eventType" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "messageId" UUID,
    "processed" BOOLEAN NOT NULL DEFAULT false,
    "processedAt" TIMESTAMPTZ(3),
    "errorMessage" TEXT,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "login_attempts" (
    "id" UUID NOT NULL DEFAULT uuid_v7(),
    "emailHash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "login_attempts_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "users_phoneNumberId_key" ON "users"("phoneNumberId");

-- CreateIndex
CREATE INDEX "users_wabaId_idx" ON "users"("wabaId");

-- CreateIndex
CREATE INDEX "contacts_userId_idx" ON "contacts"("userId");

-- CreateIndex
CREATE INDEX "contacts_phone_idx" ON "contacts"("phone");

-- CreateIndex
CREATE INDEX "contacts_userId_optedIn_id_idx" ON "contacts"("userId", "optedIn", "id");

-- CreateIndex
CREATE INDEX "contacts_optedIn_idx" ON "contacts"("optedIn");

-- CreateIndex
CREATE INDEX "contacts_tags_idx" ON "contacts" USING GIN ("tags");

-- CreateIndex
CREATE UNIQUE INDEX "contacts_userId_phone_key" ON "contacts"("userId", "phone");

-- CreateIndex
CREATE UNIQUE INDEX "contacts_userId_waUserId_key" ON "contacts"("userId", "waUserId");

-- CreateIndex
CREATE UNIQUE INDEX "contacts_userId_id_key" ON "contacts"("userId", "id");

-- CreateIndex
CREATE INDEX "consent_events_userId_contactId_id_idx" ON "consent_events"("userId", "contactId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "suppressions_userId_phoneHash_key" ON "suppressions"("userId", "phoneHash");

-- CreateIndex
CREATE UNIQUE INDEX "imports_userId_id_key" ON "imports"("userId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "templates_userId_name_key" ON "templates"("userId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "templates_userId_id_key" ON "templates"("userId", "id");

-- CreateIndex
CREATE INDEX "campaigns_userId_idx" ON "campaigns"("userId");

-- CreateIndex
CREATE INDEX "campaigns_status_idx" ON "campaigns"("status");

-- CreateIndex
CREATE INDEX "campaigns_scheduledAt_idx" ON "campaigns"("scheduledAt");

-- CreateIndex
CREATE UNIQUE INDEX "campaigns_userId_id_key" ON "campaigns"("userId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "messages_whatsappMessageId_key" ON "messages"("whatsappMessageId");

-- CreateIndex
CREATE INDEX "messages_campaignId_id_idx" ON "messages"("campaignId", "id");

-- CreateIndex
CREATE INDEX "messages_contactId_idx" ON "messages"("contactId");

-- CreateIndex
CREATE INDEX "messages_userId_id_idx" ON "messages"("userId", "id");

-- CreateIndex
CREATE INDEX "messages_queued_idx" ON "messages"("campaignId", "id") WHERE (status = 'queued');

-- CreateIndex
CREATE INDEX "messages_sending_idx" ON "messages"("claimedAt") WHERE (status = 'sending');

-- CreateIndex
CREATE INDEX "messages_failed_idx" ON "messages"("retryCount") WHERE (status = 'failed');

-- CreateIndex
CREATE UNIQUE INDEX "messages_campaignId_contactId_key" ON "messages"("campaignId", "contactId");

-- CreateIndex
CREATE INDEX "webhook_events_userId_idx" ON "webhook_events"("userId");

-- CreateIndex
CREATE INDEX "webhook_events_eventType_idx" ON "webhook_events"("eventType");

-- CreateIndex
CREATE INDEX "webhook_events_processed_idx" ON "webhook_events"("processed");

-- CreateIndex
CREATE INDEX "webhook_events_unprocessed_idx" ON "webhook_events"("receivedAt") WHERE (processed = false);

-- CreateIndex
CREATE INDEX "webhook_events_receivedAt_idx" ON "webhook_events"("receivedAt");

-- CreateIndex
CREATE INDEX "webhook_events_messageId_idx" ON "webhook_events"("messageId");

-- CreateIndex
CREATE INDEX "login_attempts_emailHash_createdAt_idx" ON "login_attempts"("emailHash", "createdAt");

-- AddForeignKey
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_userId_importId_fkey" FOREIGN KEY ("userId", "importId") REFERENCES "imports"("userId", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "consent_events" ADD CONSTRAINT "consent_events_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent_events" ADD CONSTRAINT "consent_events_userId_contactId_fkey" FOREIGN KEY ("userId", "contactId") REFERENCES "contacts"("userId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "suppressions" ADD CONSTRAINT "suppressions_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "imports" ADD CONSTRAINT "imports_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "templates" ADD CONSTRAINT "templates_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_userId_templateId_fkey" FOREIGN KEY ("userId", "templateId") REFERENCES "templates"("userId", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_userId_campaignId_fkey" FOREIGN KEY ("userId", "campaignId") REFERENCES "campaigns"("userId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_userId_contactId_fkey" FOREIGN KEY ("userId", "contactId") REFERENCES "contacts"("userId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_events" ADD CONSTRAINT "webhook_events_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_events" ADD CONSTRAINT "webhook_events_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "messages"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What the Prisma schema cannot express.

-- A status update stays on its page (HOT) while there is room.
ALTER TABLE "messages" SET (fillfactor = 80);

ALTER TABLE "contacts" ALTER COLUMN "tags" SET NOT NULL;

ALTER TABLE "contacts" ADD CONSTRAINT "contacts_reachable_check"
  CHECK ("phone" IS NOT NULL OR "waUserId" IS NOT NULL OR "deletedAt" IS NOT NULL);

ALTER TABLE "contacts" ADD CONSTRAINT "contacts_phone_e164_check"
  CHECK ("phone" ~ '^\+[1-9][0-9]{6,14}$');

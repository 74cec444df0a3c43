-- CreateEnum
CREATE TYPE "MissedSchedule" AS ENUM ('send', 'send_within', 'hold');

-- DropIndex
DROP INDEX "messages_queued_idx";

-- DropIndex
DROP INDEX "messages_sending_idx";

-- DropIndex
DROP INDEX "messages_failed_idx";

-- AlterTable
ALTER TABLE "campaigns" ADD COLUMN     "canaryMinutes" INTEGER NOT NULL DEFAULT 30,
ADD COLUMN     "canaryPercent" INTEGER,
ADD COLUMN     "canarySentAt" TIMESTAMPTZ(3),
ADD COLUMN     "canaryUntil" UUID,
ADD COLUMN     "missedHours" INTEGER,
ADD COLUMN     "missedSchedule" "MissedSchedule" NOT NULL DEFAULT 'send',
ADD COLUMN     "retriesHeldBack" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "runSince" TIMESTAMPTZ(3);

-- What is queued has an instant, and nothing else has: the indexes of the queue need no status, so that the many
-- changes of status after it stay heap-only tuple updates.
UPDATE "messages" SET "notBefore" = CASE WHEN "status" = 'queued' THEN coalesce("notBefore", "createdAt") END;
UPDATE "messages" SET "claimedAt" = NULL WHERE "status" <> 'sending';

-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "firstAttempt" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "initiatedAt" TIMESTAMPTZ(3),
ADD CONSTRAINT "messages_queued_check" CHECK ("status" <> 'queued' OR "notBefore" IS NOT NULL),
ADD CONSTRAINT "messages_sending_check" CHECK ("status" <> 'sending' OR "claimedAt" IS NOT NULL);

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "brakePercent" INTEGER NOT NULL DEFAULT 30;

-- CreateTable
CREATE TABLE "lanes" (
    "userId" UUID NOT NULL,
    "leaseOwner" UUID,
    "leaseUntil" TIMESTAMPTZ(3),
    "throttledTo" DOUBLE PRECISION,
    "throttledAt" TIMESTAMPTZ(3),
    "messagingLimit" INTEGER,
    "qualityRating" TEXT,
    "readAt" TIMESTAMPTZ(3),

    CONSTRAINT "lanes_pkey" PRIMARY KEY ("userId")
);

-- CreateTable
CREATE TABLE "alerts" (
    "id" UUID NOT NULL DEFAULT uuid_v7(),
    "userId" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolvedAt" TIMESTAMPTZ(3),

    CONSTRAINT "alerts_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "alerts_userId_id_idx" ON "alerts"("userId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "alerts_open_key" ON "alerts"("userId", "key") WHERE ("resolvedAt" IS NULL);

-- CreateIndex
CREATE INDEX "messages_queued_idx" ON "messages"("campaignId", "notBefore", "id") WHERE ("notBefore" IS NOT NULL);

-- CreateIndex
CREATE INDEX "messages_sending_idx" ON "messages"("claimedAt") WHERE ("claimedAt" IS NOT NULL);

-- CreateIndex
CREATE INDEX "messages_failed_idx" ON "messages"("retryCount") WHERE ("failedAt" IS NOT NULL);

-- CreateIndex
CREATE INDEX "messages_initiated_idx" ON "messages"("userId", "initiatedAt", "contactId") WHERE ("initiatedAt" IS NOT NULL);

-- AddForeignKey
ALTER TABLE "lanes" ADD CONSTRAINT "lanes_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateIndex
CREATE INDEX "webhook_events_fresh_idx" ON "webhook_events"("receivedAt") WHERE (processed = false AND "errorMessage" IS NULL);

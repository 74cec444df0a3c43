-- AlterTable
ALTER TABLE "consent_events" ADD COLUMN     "occurredAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "templates" ADD COLUMN     "nextCategory" "TemplateCategory",
ADD COLUMN     "nextCategoryAt" TIMESTAMPTZ(3),
ADD COLUMN     "quality" TEXT,
ADD COLUMN     "reportedAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "confirmsOptOut" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "optInWords" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "optOutReply" TEXT,
ADD COLUMN     "optOutWords" TEXT[] DEFAULT ARRAY[]::TEXT[];

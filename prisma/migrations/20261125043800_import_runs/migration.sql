-- AlterEnum
ALTER TYPE "ImportStatus" ADD VALUE 'undoing';
ALTER TYPE "ImportStatus" ADD VALUE 'undone';

-- AlterTable
ALTER TABLE "imports" ADD COLUMN     "duplicateCount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "fileBytes" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "keptCount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "positions" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
ADD COLUMN     "removedCount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "restoredCount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "runner" UUID,
ADD COLUMN     "runnerUntil" TIMESTAMPTZ(3),
ADD COLUMN     "skippedCount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "undoneAt" TIMESTAMPTZ(3);
ALTER TABLE "imports" ALTER COLUMN "positions" SET NOT NULL;

-- CreateTable
CREATE TABLE "import_rejections" (
    "userId" UUID NOT NULL,
    "importId" UUID NOT NULL,
    "line" INTEGER NOT NULL,
    "isDuplicate" BOOLEAN NOT NULL,
    "reason" TEXT NOT NULL,
    "cells" TEXT[] NOT NULL,

    CONSTRAINT "import_rejections_pkey" PRIMARY KEY ("importId","line")
);

-- CreateTable
CREATE TABLE "import_changes" (
    "userId" UUID NOT NULL,
    "importId" UUID NOT NULL,
    "contactId" UUID NOT NULL,
    "line" INTEGER,
    "before" JSONB,
    "kept" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "import_changes_pkey" PRIMARY KEY ("importId","contactId")
);

-- CreateIndex
CREATE INDEX "import_changes_userId_contactId_idx" ON "import_changes"("userId", "contactId");

-- AddForeignKey
ALTER TABLE "import_rejections" ADD CONSTRAINT "import_rejections_userId_importId_fkey" FOREIGN KEY ("userId", "importId") REFERENCES "imports"("userId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_changes" ADD CONSTRAINT "import_changes_userId_importId_fkey" FOREIGN KEY ("userId", "importId") REFERENCES "imports"("userId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_changes" ADD CONSTRAINT "import_changes_userId_contactId_fkey" FOREIGN KEY ("userId", "contactId") REFERENCES "contacts"("userId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Rejected rows move from a column, which ended at 10,000, into a table.
INSERT INTO "import_rejections" ("userId", "importId", "line", "isDuplicate", "reason", "cells")
SELECT "userId", "id", (rejected ->> 'line')::int, false, rejected ->> 'reason',
  ARRAY(SELECT jsonb_array_elements_text(rejected -> 'cells'))
FROM "imports", jsonb_array_elements("rejectedRows") AS rejected
ON CONFLICT DO NOTHING;
ALTER TABLE "imports" DROP COLUMN "rejectedRows";

-- How far a running import is was kept in another way.
UPDATE "imports" SET "status" = 'failed', "completedAt" = now(),
  "errorMessage" = 'Campanile was updated in the middle of the import. Upload the file again to go on.'
WHERE "status" = 'processing';

-- CreateEnum
CREATE TYPE "BulkActionKind" AS ENUM ('tag', 'untag', 'opt_out', 'block', 'unblock', 'delete');

-- CreateEnum
CREATE TYPE "BulkActionStatus" AS ENUM ('processing', 'completed', 'canceled');

-- CreateTable
CREATE TABLE "segments" (
    "id" UUID NOT NULL DEFAULT uuid_v7(),
    "userId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "segments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_actions" (
    "id" UUID NOT NULL DEFAULT uuid_v7(),
    "userId" UUID NOT NULL,
    "kind" "BulkActionKind" NOT NULL,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "status" "BulkActionStatus" NOT NULL DEFAULT 'processing',
    "totalCount" INTEGER NOT NULL DEFAULT 0,
    "processedCount" INTEGER NOT NULL DEFAULT 0,
    "changedCount" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completedAt" TIMESTAMPTZ(3),

    CONSTRAINT "bulk_actions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_action_contacts" (
    "userId" UUID NOT NULL,
    "bulkActionId" UUID NOT NULL,
    "contactId" UUID NOT NULL,

    CONSTRAINT "bulk_action_contacts_pkey" PRIMARY KEY ("bulkActionId","contactId")
);

-- CreateIndex
CREATE UNIQUE INDEX "segments_userId_name_key" ON "segments"("userId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "segments_userId_id_key" ON "segments"("userId", "id");

-- CreateIndex
CREATE INDEX "bulk_actions_processing_idx" ON "bulk_actions"("userId") WHERE (status = 'processing');

-- CreateIndex
CREATE UNIQUE INDEX "bulk_actions_userId_id_key" ON "bulk_actions"("userId", "id");

-- AddForeignKey
ALTER TABLE "segments" ADD CONSTRAINT "segments_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_actions" ADD CONSTRAINT "bulk_actions_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_action_contacts" ADD CONSTRAINT "bulk_action_contacts_userId_bulkActionId_fkey" FOREIGN KEY ("userId", "bulkActionId") REFERENCES "bulk_actions"("userId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the Prisma schema cannot express.

ALTER TABLE "bulk_actions" ALTER COLUMN "tags" SET NOT NULL;

-- The least id that uuid_v7() can make at an instant or later.
CREATE FUNCTION uuid_v7_floor(at timestamptz) RETURNS uuid
LANGUAGE sql STABLE STRICT PARALLEL SAFE
AS $$
  SELECT (
    left(
      overlay(lpad(to_hex((extract(epoch FROM at) * 65536000)::bigint), 16, '0') PLACING '7' FROM 13 FOR 0), 16
    ) || '0000000000000000'
  )::uuid
$$;

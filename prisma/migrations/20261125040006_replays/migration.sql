-- CreateEnum
CREATE TYPE "ReplayStatus" AS ENUM ('running', 'completed', 'stopped', 'failed');

-- CreateTable
CREATE TABLE "replays" (
    "id" UUID NOT NULL DEFAULT uuid_v7(),
    "userId" UUID NOT NULL,
    "filter" JSONB NOT NULL,
    "status" "ReplayStatus" NOT NULL DEFAULT 'running',
    "untilId" UUID NOT NULL DEFAULT uuid_v7(),
    "position" UUID,
    "totalCount" INTEGER NOT NULL,
    "doneCount" INTEGER NOT NULL DEFAULT 0,
    "failedCount" INTEGER NOT NULL DEFAULT 0,
    "errorMessage" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completedAt" TIMESTAMPTZ(3),

    CONSTRAINT "replays_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "replays_userId_id_idx" ON "replays"("userId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "replays_running_key" ON "replays"("userId") WHERE (status = 'running');

-- AddForeignKey
ALTER TABLE "replays" ADD CONSTRAINT "replays_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

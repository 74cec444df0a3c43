-- AlterTable
ALTER TABLE "templates" ADD COLUMN     "categorizedAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "standings" (
    "userId" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "reportedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "standings_pkey" PRIMARY KEY ("userId","subject")
);

-- AddForeignKey
ALTER TABLE "standings" ADD CONSTRAINT "standings_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

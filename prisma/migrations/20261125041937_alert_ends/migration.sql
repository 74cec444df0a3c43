-- AlterTable
ALTER TABLE "alerts" ADD COLUMN     "endsAt" TIMESTAMPTZ(3);

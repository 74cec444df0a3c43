-- AlterEnum
ALTER TYPE "MessageStatus" ADD VALUE 'held';

-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "category" TEXT,
ADD COLUMN     "heldAt" TIMESTAMPTZ(3),
ADD COLUMN     "pricingType" TEXT;

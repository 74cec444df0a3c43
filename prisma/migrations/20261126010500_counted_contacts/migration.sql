-- AlterTable
ALTER TABLE "users" ADD COLUMN     "countedBefore" UUID,
ADD COLUMN     "countedContacts" INTEGER NOT NULL DEFAULT 0;

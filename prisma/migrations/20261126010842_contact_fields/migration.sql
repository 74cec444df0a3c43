-- CreateTable
CREATE TABLE "contact_fields" (
    "userId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "seenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contact_fields_pkey" PRIMARY KEY ("userId","name")
);

-- AddForeignKey
ALTER TABLE "contact_fields" ADD CONSTRAINT "contact_fields_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What people have already.
INSERT INTO "contact_fields" ("userId", "name")
SELECT DISTINCT "userId", jsonb_object_keys("metadata") FROM "contacts" WHERE "metadata" <> '{}';

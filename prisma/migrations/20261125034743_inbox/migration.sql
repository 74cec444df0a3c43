-- CreateTable
CREATE TABLE "conversations" (
    "userId" UUID NOT NULL,
    "contactId" UUID NOT NULL,
    "lastInboundId" UUID NOT NULL,
    "lastSeenId" UUID,

    CONSTRAINT "conversations_pkey" PRIMARY KEY ("userId","contactId")
);

-- CreateIndex
CREATE INDEX "conversations_userId_lastInboundId_idx" ON "conversations"("userId", "lastInboundId");

-- CreateIndex
CREATE INDEX "conversations_unread_idx" ON "conversations"("userId", "lastInboundId") WHERE ("lastSeenId" IS NULL OR "lastSeenId" < "lastInboundId");

-- AddForeignKey
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_userId_contactId_fkey" FOREIGN KEY ("userId", "contactId") REFERENCES "contacts"("userId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A message of theirs may be stored by several hands, and moves when two records of one person are merged: the
-- conversation is kept where none of them can forget it. Ids only grow, so the order of writers does not matter.
CREATE FUNCTION keep_conversation() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO conversations ("userId", "contactId", "lastInboundId")
  VALUES (NEW."userId", NEW."contactId", NEW."id")
  ON CONFLICT ("userId", "contactId") DO UPDATE SET "lastInboundId" = excluded."lastInboundId"
  WHERE conversations."lastInboundId" < excluded."lastInboundId";
  RETURN NULL;
END
$$;

CREATE TRIGGER "messages_keep_conversation" AFTER INSERT OR UPDATE OF "contactId" ON "messages"
FOR EACH ROW WHEN (NEW."direction" = 'inbound') EXECUTE FUNCTION keep_conversation();

INSERT INTO "conversations" ("userId", "contactId", "lastInboundId")
SELECT DISTINCT ON ("userId", "contactId") "userId", "contactId", "id" FROM "messages"
WHERE "direction" = 'inbound'
ORDER BY "userId", "contactId", "id" DESC;

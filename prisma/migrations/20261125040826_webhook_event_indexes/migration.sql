-- DropIndex
DROP INDEX "webhook_events_eventType_idx";

-- DropIndex
DROP INDEX "webhook_events_messageId_idx";

-- DropIndex
DROP INDEX "webhook_events_processed_idx";

-- DropIndex
DROP INDEX "webhook_events_userId_idx";

-- CreateIndex
CREATE INDEX "webhook_events_userId_id_idx" ON "webhook_events"("userId", "id");

-- CreateIndex
CREATE INDEX "webhook_events_rare_idx" ON "webhook_events"("eventType", "id") WHERE ("eventType" <> 'message_status');

-- CreateIndex
CREATE INDEX "webhook_events_message_idx" ON "webhook_events"("messageId", "id") WHERE ("messageId" IS NOT NULL);

-- From its version 18 on PostgreSQL makes such ids itself, in half the time.
DO $$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    CREATE OR REPLACE FUNCTION uuid_v7() RETURNS uuid
    LANGUAGE sql VOLATILE PARALLEL SAFE
    AS 'SELECT uuidv7()';
  END IF;
END
$$;

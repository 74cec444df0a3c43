-- Both are trusted extensions: whoever may create objects in the database may create them.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- DropIndex
DROP INDEX "contacts_optedIn_idx";

-- DropIndex
DROP INDEX "contacts_phone_idx";

-- DropIndex
DROP INDEX "contacts_tags_idx";

-- DropIndex
DROP INDEX "contacts_userId_idx";

-- DropIndex
DROP INDEX "contacts_userId_waId_idx";

-- DropIndex
DROP INDEX "contacts_userId_waUserId_key";

-- CreateIndex
CREATE INDEX "contacts_userId_waId_idx" ON "contacts"("userId", "waId") WHERE ("waId" IS NOT NULL);

-- CreateIndex
CREATE INDEX "contacts_opted_out_idx" ON "contacts"("userId", "id") WHERE (NOT "optedIn" AND "optedOutAt" IS NOT NULL);

-- CreateIndex
CREATE INDEX "contacts_blocked_idx" ON "contacts"("userId", "id") WHERE ("isBlocked");

-- CreateIndex
CREATE INDEX "contacts_import_idx" ON "contacts"("userId", "importId", "id") WHERE ("importId" IS NOT NULL);

-- CreateIndex
CREATE INDEX "contacts_last_inbound_idx" ON "contacts"("userId", "lastInboundAt", "id") WHERE ("lastInboundAt" IS NOT NULL);

-- CreateIndex
CREATE INDEX "contacts_facets_idx" ON "contacts" USING GIN ("userId" uuid_ops, "tags", "metadata");

-- CreateIndex
CREATE UNIQUE INDEX "contacts_userId_waUserId_key" ON "contacts"("userId", "waUserId") WHERE ("waUserId" IS NOT NULL);

-- What the Prisma schema cannot express.

-- Everything of a person that the search looks at.
CREATE FUNCTION contact_search_text(name text, email text, phone text, metadata jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT lower(
    coalesce(name, '') || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '') || ' ' ||
    jsonb_path_query_array(metadata, '$.*')::text
  )
$$;

-- What waits to be sorted in is read by every search: at most 1 MB of it.
CREATE INDEX "contacts_search_idx" ON "contacts"
USING GIN ("userId" uuid_ops, contact_search_text("name", "email", "phone", "metadata") gin_trgm_ops)
WITH (gin_pending_list_limit = 1024);
ALTER INDEX "contacts_facets_idx" SET (gin_pending_list_limit = 1024);

CREATE INDEX "contacts_name_idx" ON "contacts"("userId", lower("name"), "id");

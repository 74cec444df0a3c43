-- DropIndex
DROP INDEX "contacts_facets_idx";

-- What the Prisma schema cannot express.

-- PostgreSQL never reads two indexes that begin with the same column for one answer: both would read the account's people.
DROP INDEX "contacts_search_idx";
CREATE INDEX "contacts_filter_idx" ON "contacts"
USING GIN ("userId" uuid_ops, "tags", "metadata", "optedIn", "optInSource", "isBlocked",
  contact_search_text("name", "email", "phone", "metadata") gin_trgm_ops)
WITH (gin_pending_list_limit = 1024);

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "webhookEventDays" INTEGER;

-- The least id that uuid_v7() makes at an instant: a range of time is a range of ids.
CREATE FUNCTION uuid_v7_from(instant timestamptz) RETURNS uuid
LANGUAGE sql STABLE STRICT PARALLEL SAFE
AS $$
  SELECT (lpad(to_hex(floor(extract(epoch FROM instant) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;

-- uuid_v7_floor() says the same, to the fraction of a millisecond.
DROP FUNCTION uuid_v7_from(timestamptz);

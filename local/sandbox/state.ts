import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { App, Business, Handle, Media, PhoneNumber, Template, Token, Waba } from "./model";

type Tables = {
  businesses: Map<string, Business>;
  apps: Map<string, App>;
  wabas: Map<string, Waba>;
  phoneNumbers: Map<string, PhoneNumber>;
  tokens: Map<string, Token>;
  templates: Map<string, Template>;
  media: Map<string, Media>;
  handles: Map<string, Handle>;
  /** `businessId userId` of everybody who stopped marketing messages in WhatsApp itself. */
  stopped: Set<string>;
};

export type State = Tables & {
  readonly dir: string;
  /** Writes the snapshot before the answer that depends on it leaves: to a second file, then renamed. */
  save: () => void;
  templatesOf: (wabaId: string) => Template[];
  findTemplates: (wabaId: string, name: string) => readonly Template[];
  phoneNumbersOf: (wabaId: string) => PhoneNumber[];
  putTemplate: (template: Template) => void;
  dropTemplate: (template: Template) => void;
};

type Snapshot = { [Name in keyof Tables]?: unknown[] };

export function openState(dir: string): State {
  mkdirSync(join(dir, "media"), { recursive: true });
  const file = join(dir, "state.json");
  const snapshot = readSnapshot(file);
  const mapOf = <Row extends { id: string }>(rows: unknown[] | undefined) =>
    new Map((rows as Row[] | undefined)?.map((row) => [row.id, row]));
  const byValue = <Row extends { value: string }>(rows: unknown[] | undefined) =>
    new Map((rows as Row[] | undefined)?.map((row) => [row.value, row]));

  const tables: Tables = {
    businesses: mapOf<Business>(snapshot.businesses),
    apps: mapOf<App>(snapshot.apps),
    wabas: mapOf<Waba>(snapshot.wabas),
    phoneNumbers: mapOf<PhoneNumber>(snapshot.phoneNumbers),
    tokens: byValue<Token>(snapshot.tokens),
    templates: mapOf<Template>(snapshot.templates),
    media: mapOf<Media>(snapshot.media),
    handles: byValue<Handle>(snapshot.handles),
    stopped: new Set(snapshot.stopped as string[] | undefined),
  };

  const byName = new Map<string, Template[]>();
  const keyOf = (wabaId: string, name: string) => `${wabaId} ${name}`;
  const index = (template: Template) => {
    const key = keyOf(template.wabaId, template.name);
    byName.set(key, [...(byName.get(key) ?? []).filter(({ id }) => id !== template.id), template]);
  };
  for (const template of tables.templates.values()) index(template);

  return {
    ...tables,
    dir,
    save: () => {
      const rows = Object.entries(tables).map(([name, table]) => [name, [...table.values()]]);
      writeFileSync(`${file}.next`, JSON.stringify(Object.fromEntries(rows)), { mode: 0o600 });
      renameSync(`${file}.next`, file);
    },
    templatesOf: (wabaId) => [...tables.templates.values()].filter((row) => row.wabaId === wabaId),
    findTemplates: (wabaId, name) => byName.get(keyOf(wabaId, name)) ?? [],
    phoneNumbersOf: (wabaId) => [...tables.phoneNumbers.values()].filter((row) => row.wabaId === wabaId),
    putTemplate: (template) => {
      tables.templates.set(template.id, template);
      index(template);
    },
    dropTemplate: (template) => {
      tables.templates.delete(template.id);
      const key = keyOf(template.wabaId, template.name);
      byName.set(
        key,
        (byName.get(key) ?? []).filter(({ id }) => id !== template.id),
      );
    },
  };
}

function readSnapshot(file: string): Snapshot {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Snapshot;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return {};
    throw new Error(`${file} cannot be read; move it away to start with an empty sandbox`, { cause });
  }
}

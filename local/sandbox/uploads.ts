import { type Answer, type Call, ok, parametersOf } from "./call";
import { badParameter, missingParameter, unknownObject } from "./graph-error";
import { newHex } from "./ids";
import type { App } from "./model";
import type { State } from "./state";

const types = new Set(["application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"]);

type Session = { id: string; mimeType: string; length: number; offset: number };

/** "Resumable Upload API": a session, its bytes, and a handle for `example.header_handle`. */
export function createUploads(state: State) {
  const sessions = new Map<string, Session>();

  function find(call: Call): Session {
    const id = `${call.path[0]}?sig=${call.query.get("sig") ?? ""}`;
    const session = sessions.get(id);
    if (!session) throw unknownObject(call.method, call.path[0] ?? "");
    return session;
  }

  return {
    /** `POST /{app-id}/uploads` */
    begin: (_app: App, call: Call): Answer => {
      const { file_length: length, file_type: mimeType } = parametersOf(call);
      if (length === undefined) throw missingParameter("file_length");
      if (mimeType === undefined) throw missingParameter("file_type");
      if (!types.has(String(mimeType)))
        throw badParameter(`Param file_type must be one of {${[...types].join(", ")}}.`);
      const id = `upload:${Buffer.from(newHex(12)).toString("base64url")}?sig=ARZ${newHex(8)}`;
      sessions.set(id, { id, mimeType: String(mimeType), length: Number(length), offset: 0 });
      return ok({ id });
    },
    /** `POST /upload:{id}`: bytes from `file_offset` on; the handle comes with the last of them. */
    put: (call: Call): Answer => {
      const session = find(call);
      if (Number(call.headers.file_offset ?? 0) !== session.offset) {
        throw badParameter(`The file_offset must be ${session.offset}.`);
      }
      session.offset += call.raw.length;
      if (session.offset < session.length) return ok({ id: session.id, file_offset: session.offset });
      sessions.delete(session.id);
      const name = Buffer.from(session.mimeType).toString("base64");
      const value = `4::${name}:ARb${newHex(24)}:e:${Math.floor(Date.now() / 1000)}:${session.offset}`;
      state.handles.set(value, { value, mimeType: session.mimeType, size: session.offset });
      state.save();
      return ok({ h: value });
    },
    /** `GET /upload:{id}`: how much has arrived. */
    look: (call: Call): Answer => {
      const { id, offset } = find(call);
      return ok({ id, file_offset: offset });
    },
  };
}

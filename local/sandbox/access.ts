import { createHmac } from "node:crypto";
import { badParameter, GraphError, unknownObject } from "./graph-error";
import type { Permission, Token, Waba } from "./model";
import type { State } from "./state";

export type Access = {
  /** Step 1 of every call: is there a token, do we know it, is it still good. */
  authenticate: (token: string | null) => Token;
  /** Step 2: the same answer for an unknown id and for somebody else's. */
  requireWaba: (token: Token, wabaId: string, method: string, askedFor: string) => Waba;
  /** Step 3. */
  requirePermission: (token: Token, permission: Permission) => void;
  /** "Securing Graph API requests": a proof that is sent must be right. */
  checkProof: (token: Token, proof: string | null) => void;
};

export function createAccess(state: State): Access {
  return {
    authenticate: (value) => {
      if (value === null) {
        throw new GraphError(104, { message: "An access token is required to request this resource." });
      }
      const token = state.tokens.get(value);
      if (!token) {
        throw new GraphError(190, { message: "Invalid OAuth access token - Cannot parse access token" });
      }
      if (token.state !== "valid") throw tokenRefusal(token);
      return token;
    },
    requireWaba: (token, wabaId, method, askedFor) => {
      const waba = token.wabaIds.includes(wabaId) ? state.wabas.get(wabaId) : undefined;
      if (!waba) throw unknownObject(method, askedFor);
      return waba;
    },
    requirePermission: (token, permission) => {
      if (token.permissions.includes(permission)) return;
      throw permission === "whatsapp_business_messaging"
        ? new GraphError(10, { message: "(#10) Application does not have permission for this action" })
        : new GraphError(200, {
            message: `(#200) You do not have the necessary permissions: ${permission} is required`,
          });
    },
    checkProof: (token, proof) => {
      if (proof === null) return;
      const secret = state.apps.get(token.appId)?.secret ?? "";
      const expected = createHmac("sha256", secret).update(token.value).digest("hex");
      if (proof !== expected) throw badParameter("Invalid appsecret_proof provided in the API argument");
    },
  };
}

/** "Handle errors" of the Graph API: 463 is an expired session, 460 and 467 one that was ended. */
export function tokenRefusal(token: Token): GraphError {
  const subcode = token.state === "expired" ? 463 : 467;
  const reason =
    token.state === "expired"
      ? `Session has expired on ${dateText(token.changedAt)}. The current time is ${dateText(Date.now())}.`
      : "The session is invalid because the user logged out.";
  return new GraphError(190, { message: `Error validating access token: ${reason}`, subcode });
}

const dateText = (time: number): string => new Date(time).toUTCString();

/** Speaks to the app as a browser does: over HTTP, with cookies. Throws the app's own words. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(readonly origin: string) {}

  get = <T>(path: string) => this.call<T>("GET", path);
  post = <T>(path: string, body: unknown = {}) =>
    this.call<T>("POST", path, JSON.stringify(body), "application/json");
  upload = <T>(path: string, file: Uint8Array<ArrayBuffer>) => this.call<T>("POST", path, file, "text/csv");

  /** False when the address or the password is wrong. */
  async signIn(email: string, password: string): Promise<boolean> {
    const { csrfToken } = await this.get<{ csrfToken: string }>("/api/auth/csrf");
    const form = new URLSearchParams({ csrfToken, email, password, json: "true", callbackUrl: "/" });
    const { status } = await this.fetch(
      "POST",
      "/api/auth/callback/credentials",
      form.toString(),
      "application/x-www-form-urlencoded",
    );
    return status < 400;
  }

  private async call<T>(method: string, path: string, body?: BodyInit, contentType?: string): Promise<T> {
    const response = await this.fetch(method, path, body, contentType);
    const answer = await response.json().catch(() => null);
    if (response.ok) return answer;
    const { message, fields } = answer?.error ?? {};
    const details = fields ? ` ${JSON.stringify(fields)}` : "";
    throw new Error(
      `${method} ${path} answered ${response.status}: ${message ?? "no explanation"}${details}`,
    );
  }

  private async fetch(
    method: string,
    path: string,
    body?: BodyInit,
    contentType?: string,
  ): Promise<Response> {
    const response = await fetch(`${this.origin}${path}`, {
      method,
      redirect: "manual",
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(contentType && { "content-type": contentType }),
      },
      ...(body !== undefined && { body }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.cookies.set(name, value);
    }
    return response;
  }
}

const somewhere = "http://own.invalid";

/**
 * The part of an address that stays within this site, "/" for anything that leads elsewhere. An absolute address is
 * ours when it begins with `origin`.
 */
export function toReturnPath(address: unknown, origin: string = somewhere): string {
  if (typeof address !== "string" || !URL.canParse(address, origin)) return "/";
  const url = new URL(address, origin);
  const path = `${url.pathname}${url.search}${url.hash}`;
  // A path that begins with two slashes would be read as another host by whoever resolves it next.
  return url.origin === new URL(origin).origin && !path.startsWith("//") ? path : "/";
}

/** In which `proxy.ts` tells a page the address that was asked for; Next itself does not. */
export const askedHeader = "x-asked-for";

/** The sign-in page that leads to an address afterwards. */
export function signInPath(address: unknown): string {
  const path = toReturnPath(address);
  return path === "/" ? "/sign-in" : `/sign-in?${new URLSearchParams({ callbackUrl: path })}`;
}

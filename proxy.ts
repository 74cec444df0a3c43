import { type NextRequest, NextResponse } from "next/server";
import { askedHeader } from "@/lib/users/return-path";

/** Tells each page the address that was asked for, so that signing in can lead back to it. */
export function proxy({ headers, nextUrl }: NextRequest) {
  const asked = new Headers(headers);
  asked.set(askedHeader, `${nextUrl.pathname}${nextUrl.search}`);
  return NextResponse.next({ request: { headers: asked } });
}

/** Pages only: neither routes nor files, and not the two pages for whoever is not signed in. */
export const config = { matcher: "/((?!api/|_next/|sign-in|sign-up|.*\\.).*)" };

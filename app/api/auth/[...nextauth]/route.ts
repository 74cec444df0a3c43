import { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { authOptions } from "@/lib/auth";
import { readWithin } from "@/lib/request-body";

const handler = NextAuth(authOptions);

type Context = { params: Promise<{ nextauth: string[] }> };

/** An address and a password; next-auth itself would read whatever anybody sends. */
const MAX_BODY_BYTES = 64 * 1024;

export { handler as GET };

export async function POST(request: NextRequest, context: Context): Promise<Response> {
  const body = await readWithin(request, MAX_BODY_BYTES);
  if (!body) return new Response(null, { status: 413 });
  const { method, headers } = request;
  return handler(new NextRequest(request.url, { method, headers, body }), context);
}

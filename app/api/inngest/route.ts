import { serve } from "inngest/next";
import type { NextRequest } from "next/server";
import { functions } from "@/inngest";
import { inngest } from "@/inngest/client";
import { limited } from "@/inngest/http";

const handlers = serve({ client: inngest, functions });

/** `next dev` and serverless hosts; the self-hosted server answers this path before Next (server.ts). */
export const { GET } = handlers;
export const POST = limited((request) => handlers.POST(request as NextRequest, undefined));
export const PUT = limited((request) => handlers.PUT(request as NextRequest, undefined));

export const maxDuration = 60;

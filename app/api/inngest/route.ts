import { serve } from "inngest/next";
import { functions } from "@/inngest";
import { inngest } from "@/inngest/client";

/** `next dev` and serverless hosts; the self-hosted server answers this path before Next (server.ts). */
export const { GET, POST, PUT } = serve({ client: inngest, functions });

export const maxDuration = 60;

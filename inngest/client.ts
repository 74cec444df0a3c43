import { Inngest } from "inngest";
import { logger } from "@/lib/logger";

export const inngest = new Inngest({ id: "campanile", logger });

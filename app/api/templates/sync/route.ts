import { userRoute } from "@/lib/http";
import { syncTemplates } from "@/lib/templates/service";

export const POST = userRoute({}, ({ userId }) => syncTemplates(userId));

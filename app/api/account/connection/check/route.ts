import { userRoute } from "@/lib/http";
import { checkConnection } from "@/lib/users/service";

export const POST = userRoute({}, ({ userId }) => checkConnection(userId));

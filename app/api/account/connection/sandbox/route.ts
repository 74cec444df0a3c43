import { userRoute } from "@/lib/http";
import { connectSandbox } from "@/lib/users/service";

export const POST = userRoute({}, ({ userId }) => connectSandbox(userId));

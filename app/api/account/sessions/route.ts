import { userRoute } from "@/lib/http";
import { signOutEverywhere } from "@/lib/users/service";

export const DELETE = userRoute({}, ({ userId }) => signOutEverywhere(userId));

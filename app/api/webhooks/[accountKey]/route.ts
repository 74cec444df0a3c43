/** The callback of an account with a Meta app of its own. */
export { GET, POST } from "@/app/api/webhooks/route";

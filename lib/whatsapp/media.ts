import { FormData } from "undici";
import * as z from "zod";
import { type GraphAccess, graph } from "@/lib/whatsapp/client";

const uploadedSchema = z.object({ id: z.string() });

/** Meta keeps the file for 30 days, for this number. Source: Meta, "Media" (October 2026). */
export async function uploadToMeta(
  access: GraphAccess,
  phoneNumberId: string,
  { bytes, mimeType, fileName }: { bytes: Buffer<ArrayBuffer>; mimeType: string; fileName: string },
): Promise<string> {
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("type", mimeType);
  form.set("file", new File([bytes], fileName, { type: mimeType }));
  const { id } = await graph(access, "POST", `/${phoneNumberId}/media`, uploadedSchema, form);
  return id;
}

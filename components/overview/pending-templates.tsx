import Link from "next/link";
import { Alert } from "@/components/ui/alert";

export function PendingTemplates({ count }: { count: number }) {
  return (
    <Alert
      title={
        count === 1
          ? "One template is waiting for WhatsApp’s approval"
          : `${count} templates are waiting for WhatsApp’s approval`
      }
      action={
        <Link href="/templates?status=pending" className="font-medium underline underline-offset-4">
          {count === 1 ? "See it" : "See them"}
        </Link>
      }
    >
      It usually takes minutes. You can send them as soon as they are approved.
    </Alert>
  );
}

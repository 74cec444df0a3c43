import { MessagesSquare } from "lucide-react";
import Link from "next/link";
import { EmptyState } from "@/components/ui/empty-state";

type Props = { isConnected: boolean; isSandbox: boolean };

const linkClasses = "text-primary underline underline-offset-4";

/** What will be here, and how to see it happen. */
export function NoConversations({ isConnected, isSandbox }: Props) {
  return (
    <EmptyState icon={MessagesSquare} title="Nobody has written to you yet">
      Whoever writes to your number or answers a campaign appears here, and you answer them here.{" "}
      {!isConnected && (
        <Link href="/settings/whatsapp" className={linkClasses}>
          Connect WhatsApp first
        </Link>
      )}
      {isConnected && isSandbox && (
        <>
          Your number is one of the sandbox: when you{" "}
          <Link href="/campaigns" className={linkClasses}>
            send a campaign
          </Link>
          , some of its readers answer.
        </>
      )}
    </EmptyState>
  );
}

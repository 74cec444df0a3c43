"use client";

import { BookUser, Inbox, LayoutDashboard, MessageSquareText, Send, Settings } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { UnreadCount } from "@/components/inbox/unread-count";

const links: { href: Route; label: string; icon: typeof Send }[] = [
  { href: "/", label: "Overview", icon: LayoutDashboard },
  { href: "/inbox", label: "Inbox", icon: Inbox },
  { href: "/campaigns", label: "Campaigns", icon: Send },
  { href: "/templates", label: "Templates", icon: MessageSquareText },
  { href: "/contacts", label: "Contacts", icon: BookUser },
  { href: "/settings", label: "Settings", icon: Settings },
];

function currentness(pathname: string, href: string): "page" | "true" | undefined {
  if (pathname === href) return "page";
  return href !== "/" && pathname.startsWith(`${href}/`) ? "true" : undefined;
}

export function NavLinks({ onNavigate }: { onNavigate?: (() => void) | undefined }) {
  const pathname = usePathname();
  return (
    <nav aria-label="Main">
      <ul className="grid gap-0.5">
        {links.map(({ href, label, icon: Icon }) => (
          <li key={href}>
            <Link
              href={href}
              {...(onNavigate && { onClick: onNavigate })}
              aria-current={currentness(pathname, href)}
              className="group flex h-10 items-center gap-3 rounded-md border border-transparent px-2.5 font-medium text-muted-foreground text-sm transition-colors lg:h-9 hover:bg-muted hover:text-foreground aria-[current]:border-border aria-[current]:bg-surface aria-[current]:text-foreground aria-[current]:shadow-sm"
            >
              <Icon aria-hidden className="size-4 shrink-0 group-aria-[current]:text-primary" />
              {label}
              {href === "/inbox" && <UnreadCount />}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

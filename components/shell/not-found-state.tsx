import { SearchX } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";

export function NotFoundState() {
  return (
    <div className="mx-auto grid max-w-md justify-items-center gap-3 px-4 py-16 text-center">
      <span className="grid size-12 place-items-center rounded-t-[24px] rounded-b-sm bg-primary-soft text-primary">
        <SearchX aria-hidden className="size-5" />
      </span>
      <h1 className="font-semibold text-xl">There is nothing here</h1>
      <p className="text-muted-foreground">
        The address may be mistyped, or what it led to was deleted or belongs to another account.
      </p>
      <Button asChild>
        <Link href="/">Go to the overview</Link>
      </Button>
    </div>
  );
}

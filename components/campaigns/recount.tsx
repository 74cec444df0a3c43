"use client";

import { useMutation } from "@tanstack/react-query";
import { Calculator, Ellipsis } from "lucide-react";
import { useRef, useState } from "react";
import { useAct } from "@/components/campaigns/use-act";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFooter } from "@/components/ui/dialog";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Spinner } from "@/components/ui/spinner";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { formatNumber } from "@/lib/campaigns/numbers";
import { type Counters, type Recount, recountCampaign } from "@/lib/counters/queries";

/** Counts a campaign's messages again, for an owner who doubts its numbers. */
export function RecountMenu({ campaignId }: { campaignId: string }) {
  const [isOpen, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const act = useAct(campaignId);
  const recount = useMutation({ mutationFn: () => recountCampaign(campaignId) });

  const begin = () => {
    setOpen(true);
    recount.mutate(undefined, {
      onSuccess: (result) => {
        if (differs(result)) void act(async () => undefined, "The numbers are right again.");
      },
    });
  };

  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button ref={trigger} variant="secondary" size="icon" aria-label="More">
            <Ellipsis aria-hidden />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem onSelect={begin}>
            <Calculator aria-hidden />
            Recount
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <Dialog open={isOpen} onOpenChange={setOpen}>
        <DialogContent
          title="Recount"
          description="Counts every message of this campaign again and compares it with the numbers shown. Nothing is sent."
          onCloseAutoFocus={() => trigger.current?.focus()}
        >
          <div aria-live="polite" className="grid gap-4">
            {recount.isPending && (
              <p className="flex items-center gap-2 text-muted-foreground text-sm">
                <Spinner />
                Counting
              </p>
            )}
            {recount.error && <Alert tone="danger">{recount.error.message}</Alert>}
            {recount.data && <Result {...recount.data} />}
          </div>
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="secondary">Close</Button>
            </DialogClose>
          </DialogFooter>
        </DialogContent>
      </Dialog>
    </>
  );
}

const rows: [counter: keyof Counters, label: string][] = [
  ["sentCount", "Sent"],
  ["deliveredCount", "Delivered"],
  ["readCount", "Read"],
  ["failedCount", "Failed"],
];

const differs = ({ before, after }: Recount) => rows.some(([counter]) => before[counter] !== after[counter]);

function Result({ before, after }: Recount) {
  return (
    <>
      {differs({ before, after }) ? (
        <Alert tone="warning" title="The numbers were wrong and are right now">
          If this happens again, tell whoever runs this installation.
        </Alert>
      ) : (
        <Alert tone="success" title="Nothing differed">
          The numbers shown are the numbers counted.
        </Alert>
      )}
      <div className="rounded-lg border">
        <Table label="Numbers before and after">
          <TableHeader>
            <TableRow>
              <TableHead>Number</TableHead>
              <TableHead numeric>Shown</TableHead>
              <TableHead numeric>Counted</TableHead>
            </TableRow>
          </TableHeader>
          <TableBody>
            {rows.map(([counter, label]) => (
              <TableRow key={counter}>
                <TableCell>{label}</TableCell>
                <TableCell numeric>{formatNumber(before[counter])}</TableCell>
                <TableCell
                  numeric
                  className={before[counter] === after[counter] ? undefined : "font-semibold"}
                >
                  {formatNumber(after[counter])}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </div>
    </>
  );
}

"use client";

import { useQuery } from "@tanstack/react-query";
import { Columns3 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuCheckboxItem,
  DropdownMenuContent,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { filterOptionsQuery } from "@/lib/contact-filters/queries";
import { columnWords, customColumn } from "@/lib/contact-lists/columns";

type Props = { columns: string[]; onChange: (columns: string[]) => void };

/** Which columns the list has; this browser remembers them. */
export function ColumnMenu({ columns, onChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  const { data: options } = useQuery({ ...filterOptionsQuery, enabled: isOpen });
  const custom = options?.fields.map((key): [string, string] => [customColumn(key), key]) ?? [];
  const choices = [...Object.entries(columnWords), ...custom];
  return (
    <DropdownMenu open={isOpen} onOpenChange={setOpen}>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="sm" aria-label="Choose columns">
          <Columns3 aria-hidden />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent className="max-h-96 overflow-y-auto">
        <DropdownMenuLabel>Columns</DropdownMenuLabel>
        {choices.map(([column, label]) => (
          <DropdownMenuCheckboxItem
            key={column}
            checked={columns.includes(column)}
            onCheckedChange={(isShown) =>
              onChange(
                choices
                  .map(([each]) => each)
                  .filter((each) => (each === column ? isShown : columns.includes(each))),
              )
            }
          >
            {label}
          </DropdownMenuCheckboxItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

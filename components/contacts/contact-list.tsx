"use client";

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { BulkBar } from "@/components/contacts/bulk-bar";
import { BulkProgress } from "@/components/contacts/bulk-progress";
import { ColumnMenu } from "@/components/contacts/column-menu";
import { ContactRow, type ListedContact } from "@/components/contacts/contact-row";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { Table, TableBody, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import type { BulkActionProgress } from "@/lib/bulk-actions/queries";
import { type Count, contactsWords, filterOptionsQuery } from "@/lib/contact-filters/queries";
import type { Filter } from "@/lib/contact-filters/schema";
import { type Column, columnWords, writeColumns } from "@/lib/contact-lists/columns";

type Props = {
  contacts: ListedContact[];
  total: Count;
  filter: Filter;
  columns: string[];
  timeZone: string;
  /** Bulk actions that are going on. */
  running: BulkActionProgress[];
  /** Instead of the table while there is nobody. */
  children: ReactNode;
};

const none: ReadonlySet<string> = new Set();

/** Who is chosen on one page stays chosen on the next, until the filter changes. */
export function ContactList({ contacts, total, filter, columns: remembered, timeZone, ...props }: Props) {
  const { running, children } = props;
  const [columns, setColumns] = useState(remembered);
  const [chosen, setChosen] = useState(none);
  const [isAll, setAll] = useState(false);
  // What was begun here is followed to its end, also when the server has done it before the page comes back.
  const [begun, setBegun] = useState<BulkActionProgress[]>([]);
  const [asked, setAsked] = useState(filter);
  if (JSON.stringify(asked) !== JSON.stringify(filter)) {
    setAsked(filter);
    setChosen(none);
    setAll(false);
  }
  const { data: options } = useQuery({ ...filterOptionsQuery, enabled: chosen.size > 0 });

  const choose = (ids: string[], isChosen: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (isChosen) next.add(id);
      else next.delete(id);
    }
    setChosen(next);
    setAll(false);
  };
  const clear = () => {
    setChosen(none);
    setAll(false);
  };
  const ids = contacts.map(({ id }) => id);
  const chosenHere = ids.filter((id) => chosen.has(id)).length;
  const isPageChosen = ids.length > 0 && chosenHere === ids.length;
  const who = contactsWords(isAll ? total : { count: chosen.size, isMore: false });

  return (
    <>
      {[...begun, ...running.filter(({ id }) => !begun.some((own) => own.id === id))].map((action) => (
        <BulkProgress key={action.id} action={action} />
      ))}
      {chosen.size > 0 && (
        <BulkBar
          selection={isAll ? { filter } : { ids: [...chosen] }}
          who={isAll ? `all ${who}` : who}
          tags={options?.tags.map(({ tag }) => tag) ?? []}
          onStart={(action) => {
            setBegun([...begun, action]);
            clear();
          }}
        >
          <span role="status" className="font-medium">
            {isAll ? `All ${who} chosen` : `${who} chosen`}
          </span>
          {isPageChosen && !isAll && (total.isMore || total.count > chosen.size) && (
            <Button variant="link" size="sm" onClick={() => setAll(true)}>
              Choose all {contactsWords(total)}
              {filter.length > 0 && " that match"}
            </Button>
          )}
          <Button variant="link" size="sm" onClick={clear}>
            Choose nobody
          </Button>
        </BulkBar>
      )}
      {contacts.length === 0 && children}
      {contacts.length > 0 && (
        <Card>
          <Table label="Contacts">
            <TableHeader>
              <TableRow>
                <TableHead className="w-8 pr-0">
                  <Checkbox
                    aria-label="Choose everybody on this page"
                    checked={isAll || isPageChosen}
                    indeterminate={!isAll && chosenHere > 0 && !isPageChosen}
                    onChange={({ target }) => choose(ids, target.checked)}
                  />
                </TableHead>
                <TableHead>Name</TableHead>
                {columns.map((column) => (
                  <TableHead key={column}>
                    {columnWords[column as Column] ?? column.slice("metadata.".length)}
                  </TableHead>
                ))}
                <TableHead className="w-8 pl-0 text-right max-sm:sticky max-sm:right-0 max-sm:bg-background">
                  <ColumnMenu
                    columns={columns}
                    onChange={(next) => {
                      setColumns(next);
                      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
                      document.cookie = writeColumns(next);
                    }}
                  />
                </TableHead>
              </TableRow>
            </TableHeader>
            <TableBody>
              {contacts.map((contact) => (
                <ContactRow
                  key={contact.id}
                  contact={contact}
                  columns={columns}
                  timeZone={timeZone}
                  isChosen={isAll || chosen.has(contact.id)}
                  onChoose={(isChosen) => choose([contact.id], isChosen)}
                />
              ))}
            </TableBody>
          </Table>
        </Card>
      )}
    </>
  );
}

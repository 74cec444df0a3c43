import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { type RowOptions, rowReader } from "@/lib/imports/row";

type Props = { options: RowOptions; rows: string[][] };

/** The first rows as they will be stored, by the very code that stores them. */
export function RowPreview({ options, rows }: Props) {
  const results = rows.map(rowReader(options));
  const keys = Object.values(options.mapping.custom);
  const isHopeless = results.every((result) => "reason" in result);
  return (
    <div className="grid min-w-0 grid-cols-1 gap-3">
      {isHopeless && (
        <Alert tone="warning" title="None of the first rows has a usable phone number">
          Check which column holds the phone numbers, and the country of numbers without a country code.
        </Alert>
      )}
      <div className="rounded-lg border">
        <Table label="The first rows as they will be stored">
          <TableHeader>
            <TableRow>
              <TableHead>Phone</TableHead>
              <TableHead>Name</TableHead>
              <TableHead>E-mail</TableHead>
              <TableHead>Tags</TableHead>
              {keys.map((key) => (
                <TableHead key={key}>{key}</TableHead>
              ))}
              <TableHead>Consent</TableHead>
            </TableRow>
          </TableHeader>
          <TableBody>
            {results.map((result, index) => {
              const key = `${index}: ${rows[index]?.join()}`;
              if ("reason" in result) {
                return (
                  <TableRow key={key}>
                    <TableCell className="whitespace-nowrap text-muted-foreground line-through">
                      {rows[index]?.[options.columns.indexOf(options.mapping.phone)] || "Empty"}
                    </TableCell>
                    <TableCell colSpan={keys.length + 4} className="text-danger">
                      Will be rejected: {result.reason}.
                    </TableCell>
                  </TableRow>
                );
              }
              const { phone, name, email, tags, metadata, agreed } = result.contact;
              return (
                <TableRow key={key}>
                  <TableCell className="whitespace-nowrap tabular-nums">{phone}</TableCell>
                  <TableCell className="whitespace-nowrap">{name}</TableCell>
                  <TableCell>{email}</TableCell>
                  <TableCell>
                    <span className="flex gap-1">
                      {tags.map((tag) => (
                        <Badge key={tag}>{tag}</Badge>
                      ))}
                    </span>
                  </TableCell>
                  {keys.map((field) => (
                    <TableCell key={field} className="whitespace-nowrap">
                      {metadata[field]}
                    </TableCell>
                  ))}
                  <TableCell>
                    {agreed ? <Badge tone="success">Opted in</Badge> : <Badge>Not opted in</Badge>}
                  </TableCell>
                </TableRow>
              );
            })}
          </TableBody>
        </Table>
      </div>
    </div>
  );
}

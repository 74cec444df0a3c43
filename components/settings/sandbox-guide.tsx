import { Card, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";

const endings = [
  ["0001", "Delivered, never read"],
  ["0002", "Sent, but the phone is switched off"],
  ["0003", "Read at once, without a delivery receipt"],
  ["0026", "Fails: the number is not on WhatsApp"],
  ["0049", "Fails: the person has had enough marketing messages"],
  ["0050", "Fails: the person stopped marketing messages in WhatsApp"],
  ["0472", "Fails: part of an experiment of WhatsApp"],
  ["0012", "Answers STOP"],
  ["0013", "Taps the first quick reply"],
  ["0010", "Receipts come twice and in the wrong order"],
  ["0429", "Refused once because of the speed limit, then accepted"],
  ["0500", "An error at WhatsApp once, then accepted"],
  ["0504", "The connection breaks after WhatsApp took the message"],
];

export function SandboxGuide() {
  return (
    <Card>
      <CardHeader>
        <CardTitle>You are in the sandbox</CardTitle>
        <CardDescription>
          The sandbox behaves like WhatsApp: it reviews templates within seconds, takes messages, sends
          receipts and answers. No message reaches a real phone and nothing costs money. Most numbers behave
          like ordinary people; the last four digits decide for those below.
        </CardDescription>
      </CardHeader>
      <Table label="What a number does in the sandbox, by its last four digits">
        <TableHeader>
          <TableRow>
            <TableHead>Number ends with</TableHead>
            <TableHead>What happens</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {endings.map(([digits, words]) => (
            <TableRow key={digits}>
              <TableCell className="font-mono">{digits}</TableCell>
              <TableCell>{words}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}

"use client";

import { Plus } from "lucide-react";
import { useFieldArray } from "react-hook-form";
import { ButtonFields } from "@/components/templates/button-fields";
import { buttonKinds } from "@/components/templates/button-kinds";
import { useProblems } from "@/components/templates/use-problems";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { emptyButton, type TemplateForm } from "@/lib/templates/form";
import { limits } from "@/lib/templates/limits";

export function ButtonsCard() {
  const { fields, append, remove, move } = useFieldArray<TemplateForm, "buttons">({ name: "buttons" });
  const { violationOf, warningOf } = useProblems();
  const violation = violationOf("buttons");
  const warning = warningOf("buttons");
  return (
    <Card>
      <CardHeader>
        <CardTitle>
          Buttons <span className="ml-1 font-normal text-muted-foreground text-xs">(optional)</span>
        </CardTitle>
        <CardDescription>
          A quick reply such as “Stop offers” makes it easy to say no, and that keeps your number in good
          standing.
        </CardDescription>
      </CardHeader>
      <CardContent className="grid gap-4">
        {fields.length > 0 && (
          <ol className="grid gap-4">
            {fields.map(({ id, type }, index) => (
              <ButtonFields
                key={id}
                index={index}
                type={type}
                isLast={index === fields.length - 1}
                onMove={(to) => move(index, to)}
                onRemove={() => remove(index)}
              />
            ))}
          </ol>
        )}
        {violation && (
          <Alert tone="danger" announce>
            {violation}
          </Alert>
        )}
        {warning && <p className="text-warning text-xs">{warning}</p>}
        {fields.length < limits.buttons && (
          <DropdownMenu>
            <DropdownMenuTrigger asChild>
              <Button variant="secondary" className="w-fit">
                <Plus aria-hidden />
                Add a button
              </Button>
            </DropdownMenuTrigger>
            <DropdownMenuContent align="start">
              {buttonKinds.map(({ type, label, icon: Icon }) => (
                <DropdownMenuItem key={type} onSelect={() => append(emptyButton(type))}>
                  <Icon aria-hidden />
                  {label}
                </DropdownMenuItem>
              ))}
            </DropdownMenuContent>
          </DropdownMenu>
        )}
      </CardContent>
    </Card>
  );
}

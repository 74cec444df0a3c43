"use client";

import { useMutation } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardFooter } from "@/components/ui/card";
import { FileDrop } from "@/components/ui/file-drop";
import { uploadImport } from "@/lib/imports/queries";
import { MAX_FILE_BYTES } from "@/lib/imports/schema";

async function upload(file: File) {
  if (file.size > MAX_FILE_BYTES)
    throw new Error("The file is larger than 50 MB. Split it and upload the parts.");
  return uploadImport(file);
}

export function UploadForm() {
  const router = useRouter();
  const [file, setFile] = useState<File | null>(null);
  const uploading = useMutation({
    mutationFn: upload,
    onSuccess: ({ id }) => router.push(`/contacts/import?importId=${id}` as Route),
  });
  const choose = (chosen: File | null) => {
    setFile(chosen);
    uploading.reset();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (file) uploading.mutate(file);
      }}
    >
      <Card className="max-w-2xl">
        <CardContent className="grid gap-4">
          {uploading.error && (
            <Alert tone="danger" announce>
              {uploading.error.message}
            </Alert>
          )}
          <FileDrop
            file={file}
            onChange={choose}
            accept=".csv,.txt,.tsv,text/csv,text/plain"
            label="Choose a CSV file"
            hint="Up to 50 MB. Nothing is saved to your contacts yet."
          />
          <p className="text-muted-foreground text-sm">
            One person per row, with a column for the phone number.{" "}
            <a href="/samples/contacts.csv" download className="text-primary underline underline-offset-4">
              Download a sample
            </a>
          </p>
        </CardContent>
        <CardFooter>
          <Button type="submit" disabled={!file} loading={uploading.isPending || uploading.isSuccess}>
            Continue
          </Button>
        </CardFooter>
      </Card>
    </form>
  );
}

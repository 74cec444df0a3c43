"use client";

import { useMutation } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardFooter } from "@/components/ui/card";
import { FileDrop } from "@/components/ui/file-drop";
import { Progress } from "@/components/ui/progress";
import { uploadImport } from "@/lib/imports/queries";
import { MAX_FILE_BYTES, MAX_FILE_SIZE } from "@/lib/imports/schema";

const megabytes = new Intl.NumberFormat("en", { maximumFractionDigits: 1, minimumFractionDigits: 1 });
const format = (bytes: number) => megabytes.format(bytes / 2 ** 20);

/** `limit` says how many rows the plan takes. */
export function UploadForm({ limit }: { limit: string }) {
  const router = useRouter();
  const [file, setFile] = useState<File | null>(null);
  const [share, setShare] = useState(0);
  const controller = useRef<AbortController | null>(null);
  const uploading = useMutation({
    mutationFn: (chosen: File) => {
      if (chosen.size > MAX_FILE_BYTES)
        throw new Error(`The file is larger than ${MAX_FILE_SIZE}. Split it and upload the parts.`);
      setShare(0);
      controller.current = new AbortController();
      return uploadImport(chosen, { onProgress: setShare, signal: controller.current.signal });
    },
    onSuccess: ({ id }) => router.push(`/contacts/import?importId=${id}` as Route),
  });
  const isBusy = uploading.isPending || uploading.isSuccess;
  const isCanceled = controller.current?.signal.aborted;
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
          {uploading.error && !isCanceled && (
            <Alert tone="danger" announce>
              {uploading.error.message}
            </Alert>
          )}
          {isBusy && file ? (
            <UploadProgress file={file} share={share} />
          ) : (
            <FileDrop
              file={file}
              onChange={choose}
              accept=".csv,.txt,.tsv,text/csv,text/plain"
              label="Choose a CSV file"
              hint={`Up to ${MAX_FILE_SIZE}, and ${limit}. Nothing is saved to your contacts yet.`}
            />
          )}
          <p className="text-muted-foreground text-sm">
            One person per row, with a column for the phone number.{" "}
            <a href="/samples/contacts.csv" download className="text-primary underline underline-offset-4">
              Download a sample
            </a>
          </p>
        </CardContent>
        <CardFooter>
          <Button type="submit" disabled={!file} loading={isBusy}>
            Continue
          </Button>
          {uploading.isPending && (
            <Button type="button" variant="ghost" onClick={() => controller.current?.abort()}>
              Cancel the upload
            </Button>
          )}
        </CardFooter>
      </Card>
    </form>
  );
}

function UploadProgress({ file, share }: { file: File; share: number }) {
  const isThere = share >= 1;
  const words = isThere
    ? "The file is on the server. Reading it…"
    : `${format(share * file.size)} of ${format(file.size)} MB uploaded`;
  return (
    <div className="grid min-h-34 content-center gap-2 rounded-lg border px-6 py-5">
      <p className="truncate font-medium text-sm">{file.name}</p>
      <Progress
        label="Upload"
        value={isThere ? null : Math.round(share * file.size)}
        max={file.size}
        valueText={words}
      />
      <p className="text-muted-foreground text-sm tabular-nums">{words}</p>
    </div>
  );
}

import { expect, test } from "vitest";
import { fileHeaders } from "@/lib/media/headers";

test.each([
  ["image/jpeg", null, "image/jpeg", "inline"],
  ["audio/ogg; codecs=opus", null, "audio/ogg", "inline"],
  ["VIDEO/MP4", null, "video/mp4", "inline"],
  ["application/pdf", "bill.pdf", "application/pdf", "attachment; filename*=UTF-8''bill.pdf"],
  ["image/svg+xml", null, "application/octet-stream", "attachment"],
  ["text/html", "page.html", "application/octet-stream", "attachment; filename*=UTF-8''page.html"],
  ["", 'a"\r\nb.pdf', "application/octet-stream", "attachment; filename*=UTF-8''a%22%0D%0Ab.pdf"],
  [
    "text/plain",
    "Menü '\ud800.txt",
    "text/plain",
    "attachment; filename*=UTF-8''Men%C3%BC%20%27%EF%BF%BD.txt",
  ],
])("a file that says it is %j, named %j", (claimed, name, type, disposition) => {
  expect(fileHeaders(claimed, name)).toMatchObject({
    "content-type": type,
    "content-disposition": disposition,
    "x-content-type-options": "nosniff",
    "cache-control": expect.stringContaining("private"),
  });
});

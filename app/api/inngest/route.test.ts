import { expect, test } from "vitest";
import { GET, PUT } from "@/app/api/inngest/route";
import { MAX_CALL_BYTES } from "@/inngest/http";

const callWith = (body: BodyInit) =>
  new Request("http://127.0.0.1:3000/api/inngest", { method: "PUT", body, duplex: "half" } as RequestInit);

test("hands a call on to Inngest, and reads none further than the limit", async () => {
  let pulled = 0;
  const body = new ReadableStream({
    pull(controller) {
      pulled += 1;
      if (pulled > 40) controller.close();
      else controller.enqueue(Buffer.alloc(1024 * 1024, " "));
    },
  });

  expect((await PUT(callWith(body))).status).toBe(413);
  expect(pulled).toBeLessThan(20);
  expect((await PUT(callWith(Buffer.alloc(MAX_CALL_BYTES + 1)))).status).toBe(413);
  // Inngest answers: nobody listens where it would register.
  expect(await (await PUT(callWith("{}"))).json()).toMatchObject({ message: expect.any(String) });
  expect(typeof GET).toBe("function");
});

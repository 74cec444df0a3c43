import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endSlow } from "@/lib/request-body";

const SLOW_MS = 150;
const TRICKLE_MS = 20;

let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
beforeEach(async () => {
  // Nothing of node's own ends anything here.
  server = createServer(
    { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 },
    (request, response) => {
      endSlow(request, response, SLOW_MS);
      answer(request, response);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const readAll = (request: IncomingMessage, response: ServerResponse) => {
  request.on("error", () => undefined).on("end", () => response.end("read"));
  request.resume();
};

/** Sends a body byte by byte. Resolves with what came back when the connection has ended or all is sent and answered. */
function trickle(path: string, bytes: number, method = "POST"): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    let answered = "";
    let left = bytes;
    const timer = setInterval(() => {
      if (left > 0) socket.write("x");
      left -= 1;
    }, TRICKLE_MS);
    const end = () => {
      clearInterval(timer);
      socket.destroy();
      resolve(left > 0 ? `${answered} cut off` : answered);
    };
    socket.on("data", (data) => {
      answered += /^HTTP\/1.1 (\d+)/.exec(data.toString())?.[1] ?? "";
      if (left <= 0) end();
    });
    socket.on("error", () => undefined).on("close", end);
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${bytes}\r\n\r\n`);
  });
}

test.each([
  "/api/contacts",
  "/api/importsx",
  "/api/imports/1/preview",
  "/",
  "/api/auth/callback/credentials",
])("whoever takes too long over a request to %s is cut off", async (path) => {
  answer = readAll;

  expect(await trickle(path, 500)).toBe(" cut off");
});

test.each(["/api/imports?fileName=a.csv", "/api/imports", "/api/media/?fileName=a.png"])(
  "an upload to %s may take its time",
  async (path) => {
    answer = readAll;

    expect(await trickle(path, 25)).toBe("200");
    expect(await trickle(path, 500, "PUT")).toBe(" cut off");
  },
);

test("an upload that was refused is not read for ever", async () => {
  answer = (_, response) => response.writeHead(401).end();

  expect(await trickle("/api/imports", 500)).toBe("401 cut off");
});

test("a request that has come may be answered as late as it likes", async () => {
  answer = (request, response) => {
    request.resume();
    setTimeout(() => response.end("late"), 3 * SLOW_MS);
  };
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/contacts`;

  expect(await (await fetch(at)).text()).toBe("late");
  expect(await (await fetch(at, { method: "POST", body: "{}" })).text()).toBe("late");
});

import { connect } from "node:net";
import { type Sender, signedRequest, statusOf } from "@/bench/meta";
import { answer } from "@/bench/workers/answer";

/** Meta keeps many calls in flight; each of these connections has one. */
const CONNECTIONS = 256;

type Question =
  | { prepare: { sender: Sender; messageIds: string[]; perCall: number } }
  | { call: { port: number } };

let requests: Buffer[] = [];

/** Makes all calls beforehand, so that they cost next to nothing while the receiver is measured. */
answer<Question>(async (question) => {
  if ("call" in question) return { seconds: await callAll(question.call.port) };
  const { sender, messageIds, perCall } = question.prepare;
  const statuses = ["sent", "delivered", "read"].flatMap((state, step) =>
    messageIds.map((id) => statusOf(id, state, step)),
  );
  requests = Array.from({ length: Math.ceil(statuses.length / perCall) }, (_, index) =>
    signedRequest(sender, { statuses: statuses.slice(index * perCall, (index + 1) * perCall) }),
  );
  return { calls: requests.length };
});

async function callAll(port: number): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const loop = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      const callNext = () => {
        const request = requests[next++];
        if (request) return void socket.write(request);
        socket.end();
        resolve();
      };
      socket.on("error", reject);
      socket.on("connect", callNext);
      socket.on("data", (response) => {
        if (response.toString("latin1", 9, 12) === "200") callNext();
        else reject(new Error(`A call was answered: ${response.toString("latin1", 0, 100)}`));
      });
    });
  await Promise.all(Array.from({ length: Math.min(CONNECTIONS, requests.length) }, loop));
  return (performance.now() - startedAt) / 1000;
}

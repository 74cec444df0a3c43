import { describe, expect, test } from "vitest";
import { parseCron } from "./cron";
import { parseDeadline, parseDuration } from "./duration";
import { compile, compileCondition } from "./expression";
import { seededUlid, ulid } from "./ulid";

const scope = {
  event: {
    name: "go",
    ts: 5,
    data: { x: 1, s: "text", nil: null, list: [1, "a"], deep: { "odd key": true }, zero: 0 },
  },
  async: { data: { x: 1, y: 2 } },
};

describe("expressions", () => {
  test.each([
    ["event.data.x == async.data.x", true],
    ["event.data.x != async.data.y", true],
    ["event.data.x < async.data.y && event.data.s == 'text'", true],
    ['event.data.x >= 2 || event.name == "go"', true],
    ["!(event.data.x == 1)", false],
    ["event.data.deep['odd key']", true],
    ["event.data.list[1] == 'a'", true],
    ["event.data.x in [1, 2]", true],
    ["'s' in event.data", true],
    ["event.data.s.startsWith('te') && event.data.s.endsWith('xt') && event.data.s.contains('ex')", true],
    ["has(event.data.nil) && !has(event.data.none)", true],
    ["size(event.data.list) == 2 && event.data.s.size() == 4", true],
    ["event.data.s + '-' + event.data.x", "text-1"],
    ["event.data.x + 2 - 4", -1],
    ["event.data.x == 1 ? 'one' : 'many'", "one"],
    ["string(event.data.x)", "1"],
    ["'it\\'s \\u0041'", "it's A"],
    ["-1 < 0", true],
    ["event.data.none == async.data.none", false],
    ["event.data.none == null", true],
    ["event.data.none != null", false],
    ["event.data.none != 3", true],
    ["event.data.none < 3", true],
    ["event.data.none.deeper > 3", false],
    ["event.data.nil == 0", false],
    ["event.data.nil < 1", true],
    ["event.data.zero || 'fallback'", "fallback"],
    ["event.data.none.startsWith('x')", false],
  ])("%s is %j", (source, expected) => {
    expect(compile(source)(scope)).toEqual(expected);
  });

  test.each([
    "event.data.x ==",
    "event.data.x = 1",
    "event.data.list.exists(x, x > 1)",
    "date('2020-01-01') > 1",
    "vars.x == 1",
    "process.exit()",
    "event.data.x % 2",
    "event.data.x 1",
    "(event.data.x",
    "'open",
    "",
  ])("refuses %s", (source) => {
    expect(() => compile(source)).toThrow("Cannot understand the expression");
  });

  test("reaches own members only", () => {
    expect(compile("event.data.constructor")(scope)).toBeUndefined();
  });

  test("takes only booleans for conditions, and orders only what has an order", () => {
    expect(() => compileCondition("event.data.s")(scope)).toThrow("is not a condition");
    expect(() => compile("event.data.s < 1")(scope)).toThrow("cannot be ordered");
  });
});

describe("durations", () => {
  test.each([
    ["1s", 1_000],
    ["2h45m", 9_900_000],
    ["1.5s250ms", 1_750],
    ["1w1d", 691_200_000],
  ])("%s is %i ms", (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  test.each(["", "1", "s", "1y", "1s!", "-1s"])("refuses %j", (text) => {
    expect(() => parseDuration(text)).toThrow("is not a duration");
  });

  test("deadlines are durations from now or dates", () => {
    expect(parseDeadline("2s", 1_000)).toBe(3_000);
    expect(parseDeadline("2026-01-01T00:00:00.000Z", 0)).toBe(1_767_225_600_000);
    expect(() => parseDeadline("2026-99-99", 0)).toThrow("is not a date");
  });
});

describe("schedules", () => {
  const from = new Date("2026-01-01T00:00:00Z");

  test.each([
    ["0 9 * * *", "2026-01-01T09:00:00.000Z"],
    ["TZ=Asia/Kathmandu 0 9 * * *", "2026-01-01T03:15:00.000Z"],
    ["*/15 * * * MON-FRI", "2026-01-01T00:15:00.000Z"],
    ["CRON_TZ=America/New_York 30 0 1 jan *", "2026-01-01T05:30:00.000Z"],
  ])("%s comes next at %s", (expression, expected) => {
    expect(parseCron(expression).nextRun(from)?.toISOString()).toBe(expected);
  });

  test.each([
    "* * * *",
    "* * * * * *",
    "@hourly",
    "0 0 L * *",
    "61 * * * *",
    "TZ=Nowhere/Land * * * * *",
    "soon",
  ])("refuses %s", (expression) => {
    expect(() => parseCron(expression)).toThrow();
  });
});

describe("ids", () => {
  test("sort by time", () => {
    expect(ulid(1) < ulid(2)).toBe(true);
    expect(ulid()).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  test("are the same for the same seed and position, and random for a bad one", () => {
    const seed = `1767225600000,${Buffer.alloc(10, 255).toString("base64")}`;
    expect(seededUlid(seed, 1)).toBe(seededUlid(seed, 1));
    expect(seededUlid(seed, 1)).not.toBe(seededUlid(seed, 2));
    expect(seededUlid("x,y", 1)).not.toBe(seededUlid("x,y", 1));
  });
});

import { describe, expect, test } from "vitest";
import { builtInWords, fold, wishOf } from "@/lib/consent/words";

const builtIn = { optOutWords: [], optInWords: [] };

test.each([
  ...[
    "STOP",
    " stop. ",
    "Stop!!",
    "🛑 STOP 🛑",
    "ＳＴＯＰ",
    "«Stop»",
    "s\u200btop",
    "Stop\n",
    "STOP ✋🏽",
    "STOP ❤\uFE0F",
    "st\u3164op",
    "#stop",
    "S.T.O.P.",
    "s t o p",
  ],
  ...["Unsubscribe", "opt-out", "OPT_OUT", "STOP PROMOTIONS", "Stop promotions", "BAJA", "Darse de baja"],
  ...[
    "PARAR",
    "Arrêt",
    "ARRE\u0302T",
    "arret",
    "Désabonner",
    "Désabonner",
    "Abmelden",
    "Basta!",
    "Afmelden",
    "Wypisz",
    "İptal",
    "DUR",
  ],
  ...["СТОП", "Відписатися", "توقف", "إلغاء الاشتراك", "הסר", "बंद करो", "বন্ধ করুন", "berhenti", "HỦY", "dung"],
  ...["退订", "停止", "配信停止", "수신거부", "ＴＤ", "退 订", "sitisha", "หยุด", "στοπ", "Oprește"],
  ...[
    "opre\u015Fte",
    "huy dang ky",
    "توقّف",
    "توقـف",
    "اوقف",
    "الغاء الإشتراك",
    "لغو اشتراك",
    "בטל",
    "revoke",
  ],
])("%s is an opt-out", (text) => {
  expect(wishOf(text, builtIn)).toBe("opt_out");
});

test.each(["START", "start!", "Unstop", "ALTA", "Подписаться", "ابدأ", "再開", "शुरू करें"])(
  "%s is an agreement",
  (text) => {
    expect(wishOf(text, builtIn)).toBe("opt_in");
  },
);

test.each([
  ...["please don't stop", "Don't stop", "stop by tomorrow?", "Non-stop", "", "🛑", "…", "STOP and START"],
  ...[
    "I want to cancel my order",
    "weiter",
    "no",
    "ok",
    "yes",
    "si",
    "non",
    "Start now with the order",
    "🚀",
  ],
  // "Fine" in Hindi, a country, a color; "stop" in Swahili, Finnish and Turkish.
  ...["Acha", "Peru", "Red"],
])("%s is neither", (text) => {
  expect(wishOf(text, builtIn)).toBeNull();
});

describe("an account's own words", () => {
  const own = { optOutWords: ["No more, thanks", "Genug"], optInWords: ["JOIN me!"] };

  test.each([
    ["no more thanks!", "opt_out"],
    ["GENUG", "opt_out"],
    ["join ME", "opt_in"],
    ["stop", null],
    ["start", null],
  ])("replace the built-in ones: %s", (text, wish) => {
    expect(wishOf(text, own)).toBe(wish);
  });

  test("of one list leave the other list as it is", () => {
    expect(wishOf("start", { ...own, optInWords: [] })).toBe("opt_in");
  });
});

describe("the built-in words", () => {
  test("are in no two lists, and none of them is nothing", () => {
    const out = new Set(builtInWords.optOut.map(fold));

    expect(out.has("")).toBe(false);
    expect(builtInWords.optIn.map(fold).filter((word) => word === "" || out.has(word))).toEqual([]);
  });
});

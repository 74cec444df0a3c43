/**
 * What people write to hear no more, or to hear again, in the languages most of our owners' customers write. Whole
 * messages, and none that an ordinary answer to an offer may consist of: "no", "ok" or "start" is left out where it is
 * everyday language.
 */
const builtIn: Record<string, { out: string; in: string }> = {
  English: {
    out: "stop, stop all, stopall, stop promotions, stop messages, unsubscribe, opt out, optout, revoke, cancel, end, quit, remove me",
    in: "start, unstop, subscribe, resubscribe, opt in, optin, start promotions",
  },
  Spanish: {
    out: "baja, darse de baja, darme de baja, alto, parar, detener, salir, cancelar, cancelar suscripción, no más mensajes, detener promociones",
    in: "alta, suscribir, suscribirme, volver a recibir",
  },
  Portuguese: {
    out: "parar, pare, sair, cancelar, cancelar inscrição, descadastrar, remover, parar promoções",
    in: "voltar a receber, inscrever, quero receber, cadastrar",
  },
  French: {
    out: "arrêt, arrêter, arrêtez, stopper, désabonner, désabonnement, me désabonner, désinscrire, désinscription, résilier",
    in: "réabonner, abonner, m'abonner, reprendre",
  },
  German: {
    out: "stopp, abmelden, abbestellen, abmeldung, austragen, keine werbung, werbung stoppen, beenden",
    in: "anmelden, abonnieren, wieder anmelden",
  },
  Italian: {
    out: "basta, annulla, cancella, cancellami, disiscrivimi, disiscriviti, ferma, interrompi, rimuovimi",
    in: "iscrivimi, riattiva, ricomincia",
  },
  Dutch: {
    out: "stoppen, afmelden, uitschrijven, opzeggen, geen reclame",
    in: "aanmelden, inschrijven",
  },
  Polish: {
    out: "wypisz, wypisz mnie, zrezygnuj, rezygnuję, anuluj, koniec",
    in: "zapisz, zapisz mnie, subskrybuj",
  },
  Turkish: {
    out: "dur, durdur, iptal, çık, abonelikten çık, ret",
    in: "başlat, abone ol, kabul",
  },
  Russian: {
    out: "стоп, отписаться, отписка, отмена, отпишите меня, хватит",
    in: "старт, подписаться, подпишите меня",
  },
  Ukrainian: {
    out: "стоп, відписатися, відписатись, відписка, скасувати, досить",
    in: "старт, підписатися, підписатись",
  },
  Arabic: {
    out: "توقف, قف, إيقاف, إلغاء, إلغاء الاشتراك, أوقف",
    in: "ابدأ, اشتراك, اشترك, تفعيل",
  },
  Hebrew: {
    out: "עצור, בטל, הסר, הסרה, הסירו אותי, להסיר, ביטול, הפסק",
    in: "התחל, הרשמה, הצטרף",
  },
  Persian: { out: "توقف, لغو, لغو اشتراک, انصراف", in: "شروع, اشتراک" },
  Hindi: {
    out: "बंद, बंद करो, बंद करें, रोकें, रोको, रुको, हटाएं, सदस्यता समाप्त",
    in: "शुरू, शुरू करें, चालू, सदस्यता लें",
  },
  Bengali: { out: "বন্ধ, বন্ধ করুন, বন্ধ কর, থামুন, থামান", in: "শুরু, শুরু করুন, চালু" },
  Urdu: { out: "بند, بند کریں, روکیں, ختم", in: "شروع, شروع کریں" },
  Tamil: { out: "நிறுத்து, நிறுத்தவும்", in: "தொடங்கு, தொடங்கவும்" },
  Indonesian: {
    out: "berhenti, berhenti berlangganan, batal, hentikan, keluar",
    in: "mulai, langganan, berlangganan",
  },
  Malay: { out: "henti, hentikan, batalkan, berhenti melanggan", in: "mula, langgan" },
  Vietnamese: { out: "dừng, dừng lại, hủy, huỷ, hủy đăng ký, ngừng, từ chối", in: "đăng ký, bắt đầu" },
  Thai: { out: "หยุด, ยกเลิก, เลิกรับข่าวสาร", in: "เริ่ม, สมัคร" },
  Filipino: { out: "itigil, ihinto, tigil, tama na", in: "simulan, magpatuloy" },
  Chinese: {
    out: "退订, 退訂, 停止, 取消, 取消订阅, 取消訂閱, 拒收, td",
    in: "订阅, 訂閱, 恢复, 恢復, 开始, 開始",
  },
  Japanese: {
    out: "停止, 配信停止, ストップ, 解除, 配信解除, 退会, やめて",
    in: "再開, 配信再開, 登録, スタート",
  },
  Korean: { out: "중지, 수신거부, 수신 거부, 정지, 그만, 취소, 해지", in: "시작, 수신동의, 수신 동의, 구독" },
  Swahili: { out: "simama, sitisha, ondoa, jiondoe", in: "anza, jiunge" },
  Greek: { out: "στοπ, σταμάτα, διακοπή, διαγραφή, κατάργηση εγγραφής", in: "έναρξη, εγγραφή" },
  Romanian: { out: "oprește, dezabonare, dezabonează-mă, renunț", in: "abonare, abonează-mă" },
  Czech: { out: "odhlásit, odhlásit se, zrušit, konec, přestaňte", in: "přihlásit, přihlásit se, odebírat" },
  Hungarian: { out: "leiratkozás, leiratkozom, állj, mondja le", in: "feliratkozás, feliratkozom" },
  Swedish: { out: "stoppa, avsluta, avregistrera, avanmäl, sluta", in: "starta, prenumerera, anmäl" },
  Danish: { out: "stands, afmeld, afmeld mig, frameld", in: "tilmeld, tilmeld mig" },
  Norwegian: { out: "stopp, avslutt, meld meg av, avmeld", in: "meld meg på, abonner" },
  Finnish: { out: "lopeta, peruuta, peru tilaus", in: "aloita, tilaa" },
};

const listOf = (side: "out" | "in") => [
  ...new Set(Object.values(builtIn).flatMap((words) => words[side].split(",").map((word) => word.trim()))),
];

export const builtInWords = { optOut: listOf("out"), optIn: listOf("in") };

/** What an account goes by: its own words, or the built-in ones where it has none. */
export type ConsentWords = { optOutWords: string[]; optInWords: string[] };

/** What whoever opts out is answered, unless the account has a text of its own. */
export const defaultReply = (optInWords: string[]) =>
  `You will get no more offers from us here. Write ${(optInWords[0] ?? "START").toUpperCase()} if you want them again.`;

/** A message without case, punctuation, emoji, full-width forms and superfluous blanks. */
export const fold = (text: string) =>
  joinLetters(
    oneSpelling(text.normalize("NFKC").toLowerCase())
      // An apostrophe is part of its word; what cannot be seen (joiners, marks of direction, an emoji's style) is nothing.
      .replace(/['’ʼ`]|[\p{Cf}\p{DI}\p{Me}]/gu, "")
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
      .trim(),
  );

/** Where keyboards and habits differ. */
const oneSpelling = (text: string) =>
  text
    // Turkish has two letters i; which one a capital was does not show.
    .replace(/\u0307/g, "")
    .replace(/ı/g, "i")
    // Romanian with the cedilla of Turkish.
    .replace(/ş/g, "ș")
    .replace(/ţ/g, "ț")
    // Arabic and Persian: stretched, with vowels, and letters that stand for each other.
    .replace(/[\u0640\u064B-\u065F\u0670]/g, "")
    .replace(/[أإآٱ]/g, "ا")
    .replace(/[ىی]/g, "ي")
    .replace(/ک/g, "ك");

/** "S.T.O.P." is a word. */
const joinLetters = (text: string) =>
  /^(?:\p{L}\p{M}* )+\p{L}\p{M}*$/u.test(text) ? text.replaceAll(" ", "") : text;

const withoutAccents = (word: string) =>
  word
    .replace(/đ/g, "d")
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC");

/** Each word as it is spelled and as it is typed in a hurry: "arrêt" and "arret". */
const spellingsOf = (words: string[]) =>
  new Set(words.map(fold).flatMap((word) => [word, withoutAccents(word)]));
const builtInSpellings = { optOut: spellingsOf(builtInWords.optOut), optIn: spellingsOf(builtInWords.optIn) };

/**
 * What a text asks for. The whole of it must be such a word: "please don't stop" is none. A word in both lists opts out.
 */
export function wishOf(text: string, { optOutWords, optInWords }: ConsentWords): "opt_out" | "opt_in" | null {
  const word = fold(text);
  if (word === "") return null;
  if ((optOutWords.length > 0 ? spellingsOf(optOutWords) : builtInSpellings.optOut).has(word))
    return "opt_out";
  if ((optInWords.length > 0 ? spellingsOf(optInWords) : builtInSpellings.optIn).has(word)) return "opt_in";
  return null;
}

/** What is stored of a list: nothing when it is the built-in one, which then grows with us. */
export const ownWords = (list: string[], builtInList: string[]) => {
  const own = new Set(list.map(fold));
  const builtInSet = new Set(builtInList.map(fold));
  const isBuiltIn = own.size === builtInSet.size && [...own].every((word) => builtInSet.has(word));
  return isBuiltIn ? [] : list;
};

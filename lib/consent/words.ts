/** What people type to hear no more, in the languages most of our owners' customers write. */
const words = new Set([
  "stop",
  "stop all",
  "stopall",
  "unsubscribe",
  "opt out",
  "optout",
  "end",
  "quit",
  "cancel",
  "stop promotions",
  "parar",
  "pare",
  "sair",
  "cancelar",
  "descadastrar",
  "baja",
  "alto",
  "detener",
  "salir",
  "darse de baja",
  "stopp",
  "abmelden",
  "abbestellen",
  "arret",
  "arrêt",
  "arrêter",
  "désabonner",
  "desabonner",
  "basta",
  "annulla",
  "berhenti",
  "dur",
  "стоп",
  "отписаться",
  "توقف",
  "إلغاء",
  "बंद",
  "बंद करो",
  "रोकें",
  "退订",
  "停止",
]);

/** The whole message must be such a word, whatever its case, punctuation or emoji: "please don't stop" is none. */
export function isOptOut(text: string): boolean {
  const plain = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\s]/gu, " ");
  return words.has(plain.trim().replace(/\s+/g, " "));
}

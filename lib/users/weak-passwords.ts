/** Those of the most common leaked passwords that are long enough to pass the length rule (ASVS 5.0 6.2.4). */
const common = new Set(
  `passwordpassword password123 password1234 password12345 passw0rd123 p@ssw0rd123 p@ssword123 passwort123 motdepasse
  iloveyou123 iloveyou12 iloveyousomuch iloveyou2 loveyou123 sunshine123 princess123 princess12 football123 baseball123
  basketball superman123 batman1234 michael123 jennifer123 michelle123 jessica123 charlie123 spiderman1 liverpool1
  manchester chocolate1 strawberry butterfly1 blink182182 barcelona1 changeme123 changeme12 letmein123 letmeinplease
  welcome123 welcome1234 administrator admin12345 admin123456 rootroot123 trustno1trustno1 qwertyuiop qwertyuiop1
  qwertyuiop123 qwerty12345 qwerty123456 qwerty1234 qwertyqwerty asdfghjkl1 asdfghjkl123 asdfasdfasdf zxcvbnm123
  1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5 q1w2e3r4t5y6 1qaz2wsx3edc qazwsxedcrfv zaq12wsxcde3 1234qwerasdf 123qweasdzxc
  abcd123456 abc1234567 a123456789 abcdefghij abcdefghijk aa12345678 1234567890a google1234 facebook123 samsung123
  whatsapp123 whatsapp1234 campanile1 campanile123 mypassword mypassword1 thisismypassword correcthorsebatterystaple`.split(
    /\s+/,
  ),
);

const rows = [
  "01234567890123456789",
  "98765432109876543210",
  "abcdefghijklmnopqrstuvwxyz",
  "qwertyuiopasdfghjklzxcvbnm",
];

/** Whether somebody who tries the obvious would find it: common, a sequence, one short piece again and again, or the person's own data. */
export function isWeakPassword(password: string, personal: readonly string[]): boolean {
  const text = password.toLowerCase();
  const own = personal
    .flatMap((value) => [value, value.split("@")[0] ?? ""])
    .map((value) => value.toLowerCase());
  return (
    common.has(text) ||
    rows.some((row) => row.includes(text)) ||
    /^(.{1,3})\1+$/u.test(text) ||
    own.includes(text)
  );
}

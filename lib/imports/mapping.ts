import { normalizePhone } from "@/lib/contacts/phone";
import { fieldKeySchema } from "@/lib/contacts/schema";
import { rejectionColumns } from "@/lib/imports/csv";
import type { Mapping } from "@/lib/imports/schema";

/** A mapping whose phone column may still have to be chosen. */
export type GuessedMapping = Omit<Mapping, "phone"> & { phone: string | null };

/** What people call their columns, without spaces, punctuation, accents and case. */
const names = {
  phone:
    "phone phonenumber phoneno mobile mobilenumber mobileno mobilephone cell cellphone whatsapp whatsappnumber whatsappphone tel telephone telephonenumber contactnumber contactno contactphone number msisdn telefono telefonomovil celular movil numero numerodetelefono numerodecelular telefone telemovel numerodetelefone telefon telefonnummer handy handynummer mobil mobilnummer mobiltelefon rufnummer numerodetelephone portable cellulare telepon nomorhp nohp hp nomortelepon ceptelefonu telefonnumarasi телефон номертелефона номер फोन मोबाइल मोबाइलनंबर फोननंबर ফোন 电话 手机 手机号 电话号码 電話 電話番号 هاتف الهاتف جوال رقمالهاتف رقمالجوال",
  firstName:
    "firstname givenname forename vorname nombrepropio primernombre primeironome prenom nomeproprio ad имя पहलानाम 名",
  lastName:
    "lastname surname familyname nachname familienname apellido apellidos sobrenome ultimonome nomdefamille cognome soyad фамилия उपनाम 姓",
  name: "name fullname contact contactname customer customername client clientname nombre nombrecompleto nome nomecompleto nom nomcomplet vollername kunde kundenname nama namalengkap adsoyad isim фио नाम पूरानाम নাম 姓名 名字 名前 氏名 الاسم اسم",
  email:
    "email emailaddress mail emailid correo correoelectronico correoelectrónico emailadresse mailadresse courriel adressemail adresseemail posta eposta почта ईमेल 邮箱 电子邮件 メール البريدالإلكتروني",
  tags: "tag tags label labels group groups segment segments list lists category categories etiqueta etiquetas grupo grupos schlagwort schlagworte schlagworter gruppe gruppen etikett groupe groupes motscles segmento segmentos टैग समूह 标签 分组",
  consent:
    "optin optedin consent marketingconsent consented subscribed subscription agreed agreement permission allowmarketing acceptsmarketing whatsappoptin whatsappconsent consentimiento acepta suscrito consentimento aceita inscrito einwilligung zustimmung einverstanden abonniert consentement consenso согласие सहमति 同意 موافقة",
} as const;

type Field = keyof typeof names;

const meanings = new Map<string, Field>(
  Object.entries(names).flatMap(([field, words]) =>
    words.split(" ").map((word) => [simplify(word), field as Field]),
  ),
);

function simplify(header: string): string {
  return header
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

const share = (values: string[], isOne: (value: string) => boolean): number =>
  values.length === 0 ? 0 : values.filter(isOne).length / values.length;

/** Reads the mapping off the names of the columns and, where they say nothing, off what is in them. */
export function guessMapping(columns: string[], rows: string[][], defaultCountry: string): GuessedMapping {
  const values = new Map(
    columns.map((column, index) => [column, rows.map((cells) => cells[index]?.trim() ?? "").filter(Boolean)]),
  );
  const phoneShare = (column: string) =>
    share(values.get(column) ?? [], (value) => "phone" in normalizePhone(value, defaultCountry));
  const emailShare = (column: string) =>
    share(values.get(column) ?? [], (value) => /^\S+@\S+\.\S+$/.test(value));
  const named = (field: Field) => columns.filter((column) => meanings.get(simplify(column)) === field);
  const best = (candidates: string[], score: (column: string) => number) =>
    candidates.reduce<string | null>(
      (top, column) => (top && score(top) >= score(column) ? top : column),
      null,
    );

  const phone =
    best(named("phone"), phoneShare) ??
    best(
      columns.filter((column) => phoneShare(column) >= 0.5),
      phoneShare,
    );
  const free = (column: string) => column !== phone;
  const first = (field: Field) => named(field).find(free);
  const email = first("email") ?? columns.find((column) => free(column) && emailShare(column) >= 0.5);
  const lastName = first("lastName");
  const name = first("name");
  // "Name" beside "Surname" is a first name.
  const people = name && !lastName ? { name } : { firstName: first("firstName") ?? name, lastName };
  const tags = first("tags");
  const consent = first("consent");

  const builtIn = new Set<string | null | undefined>([
    ...rejectionColumns,
    phone,
    email,
    tags,
    consent,
    ...Object.values(people),
  ]);
  const rest = columns.filter((column) => !builtIn.has(column) && (values.get(column)?.length ?? 0) > 0);
  return {
    phone,
    ...withoutGaps({ ...people, email, tags, consent }),
    custom: nameFields(rest),
  };
}

const withoutGaps = <T extends Record<string, string | undefined>>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: string;
  };

/** "Last order" becomes `last_order`; a name that is taken or reserved gets a number. */
function nameFields(columns: string[]): Record<string, string> {
  const taken = new Set<string>();
  return Object.fromEntries(
    columns.map((column) => {
      const base =
        column
          .toLowerCase()
          .replace(/[^\p{L}\p{M}\p{N}]+/gu, "_")
          .replace(/^_+|_+$/g, "")
          .slice(0, 36) || "field";
      let key = base;
      for (let copy = 2; taken.has(key) || !fieldKeySchema.safeParse(key).success; copy++)
        key = `${base}_${copy}`;
      taken.add(key);
      return [column, key];
    }),
  );
}

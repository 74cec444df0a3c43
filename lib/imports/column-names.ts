/** What people call their columns, without spaces, punctuation, accents and case. */
const names = {
  phone:
    "phone phonenumber phoneno mobile mobilenumber mobileno mobilephone cell cellphone whatsapp whatsappnumber whatsappphone tel telephone telephonenumber contactnumber contactno contactphone number msisdn telefono telefonomovil celular movil numero numerodetelefono numerodecelular telefone telemovel numerodetelefone telefon telefonnummer handy handynummer mobil mobilnummer mobiltelefon rufnummer numerodetelephone portable cellulare telepon nomorhp nohp hp nomortelepon ceptelefonu telefonnumarasi телефон номертелефона номер फोन मोबाइल मोबाइलनंबर फोननंबर ফোন 电话 手机 手机号 电话号码 電話 電話番号 هاتف الهاتف جوال رقمالهاتف رقمالجوال numeroditelefono telefoon telefoonnummer mobiel mobielnummer gsm numertelefonu sốđiệnthoại điệnthoại เบอร์โทร เบอร์โทรศัพท์ טלפון",
  firstName:
    "firstname givenname forename vorname nombrepropio primernombre primeironome prenom nomeproprio ad имя पहलानाम 名 voornaam imię tên",
  lastName:
    "lastname surname familyname nachname familienname apellido apellidos sobrenome ultimonome nomdefamille cognome soyad фамилия उपनाम 姓 achternaam nazwisko họ",
  name: "name fullname contact contactname customer customername client clientname nombre nombrecompleto nome nomecompleto nom nomcomplet vollername kunde kundenname nama namalengkap adsoyad isim фио नाम पूरानाम নাম 姓名 名字 名前 氏名 الاسم اسم naam volledigenaam nomeecognome imięinazwisko họtên họvàtên ชื่อ שם",
  email:
    "email emailaddress mail emailid correo correoelectronico correoelectrónico emailadresse mailadresse courriel adressemail adresseemail posta eposta почта ईमेल 邮箱 电子邮件 メール البريدالإلكتروني indirizzoemail",
  tags: "tag tags label labels group groups segment segments list lists category categories etiqueta etiquetas grupo grupos schlagwort schlagworte schlagworter gruppe gruppen etikett groupe groupes motscles segmento segmentos टैग समूह 标签 分组 etichette",
  consent:
    "optin optedin consent marketingconsent consented subscribed subscription agreed agreement permission allowmarketing acceptsmarketing whatsappoptin whatsappconsent consentimiento acepta suscrito consentimento aceita inscrito einwilligung zustimmung einverstanden abonniert consentement consenso согласие सहमति 同意 موافقة toestemming zgoda",
} as const;

export type ColumnMeaning = keyof typeof names;

const meanings = new Map<string, ColumnMeaning>(
  Object.entries(names).flatMap(([field, words]) =>
    words.split(" ").map((word) => [simplify(word), field as ColumnMeaning]),
  ),
);

/** Without case, accents, spaces and punctuation. */
export function simplify(header: string): string {
  return header
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/** What a column of this name usually holds. */
export const meaningOf = (header: string): ColumnMeaning | undefined => meanings.get(simplify(header));

import { describe, expect, test } from "vitest";
import { normalizePhone } from "@/lib/contacts/phone";

describe("normalizePhone", () => {
  test.each([
    ["+919812345678", "IN", "+919812345678"],
    ["98123 45678", "IN", "+919812345678"],
    ["09812345678", "IN", "+919812345678"],
    ["919812345678", "IN", "+919812345678"],
    ["+91-98123-45678", "US", "+919812345678"],
    ["(+91) 98123.45678", "US", "+919812345678"],
    ["0091 98123 45678", "US", "+919812345678"],
    ["'+919812345678", "IN", "+919812345678"],
    ["'9812345678", "IN", "+919812345678"],
    ["tel:+91 98123 45678", "US", "+919812345678"],
    ["9812345678.0", "IN", "+919812345678"],
    ["\u202a+91 98123 45678\u202c", "US", "+919812345678"],
    ["\u200b98123\u200d45678\ufeff", "IN", "+919812345678"],
    ["98123\u00a045678", "IN", "+919812345678"],
    ["+91 98123\u201145678", "IN", "+919812345678"],
    ["٩٨١٢٣٤٥٦٧٨", "IN", "+919812345678"],
    ["+۹۱۹۸۱۲۳۴۵۶۷۸", "US", "+919812345678"],
    ["९८१२३४५६७८", "IN", "+919812345678"],
    ["＋９１（９８１２３）４５６７８", "US", "+919812345678"],
    ["+49 (0) 151 2345-6789", "IN", "+4915123456789"],
    ["0151/23456789", "DE", "+4915123456789"],
    ["(212) 555-0143", "US", "+12125550143"],
    ["1 212 555 0143", "US", "+12125550143"],
    ["+39 06 6982 1234", "US", "+390669821234"],
    ["+521 55 1234 5678", "US", "+525512345678"],
    ["+52 55 1234 5678", "US", "+525512345678"],
    ["011 15 2345-6789", "AR", "+5491123456789"],
    ["+55 11 8765-4321", "BR", "+551187654321"],
    ["+1 555 000 1234", "IN", "+15550001234"],
    ["555 000 1234", "US", "+15550001234"],
    ["+44 7700 900123", "IN", "+447700900123"],
    ["07700 900123", "GB", "+447700900123"],
  ])("reads %j in %s as %s", (text, country, phone) => {
    expect(normalizePhone(text, country)).toEqual({ phone });
  });

  test.each([
    ["", "IN", /missing/],
    [" \u200b ", "IN", /missing/],
    ["9.19E+11", "IN", /spreadsheet shortened this number to “9\.19E\+11”/],
    ["9,19812E+11", "DE", /spreadsheet/],
    ["919812345678E0", "IN", /spreadsheet/],
    ["call me", "IN", /letters/],
    ["98123 45678 ext 5", "IN", /letters/],
    ["98123 45678; 98123 45679", "IN", /“;”/],
    ["98123,45678", "IN", /“,”/],
    ["+91+9812345678", "IN", /\+ belongs in front/],
    ["91+9812345678", "IN", /\+ belongs in front/],
    ["12345", "IN", /too short/],
    ["+91 98123", "US", /too short for India/],
    ["61234567", "ES", /too short for Spain/],
    ["+34 612 345 6789", "US", /too long for Spain/],
    ["+1234567890123456789", "US", /too long/],
    ["98123 45678 / 98123 45679", "IN", /too long/],
    ["+999 1234567", "US", /No country has this country code/],
    ["4915123456789", "IN", /starts with \+ and the country code/],
    ["0000000000", "IN", /./],
    ["+10000000000", "US", /No phone number/],
    ["9812345678", "", /its country code/],
    ["9812345678", "XX", /its country code/],
  ])("refuses %j in %s: %s", (text, country, reason) => {
    expect(normalizePhone(text, country)).toEqual({ reason: expect.stringMatching(reason) });
  });

  test("reads its own result as the same number in every country", () => {
    for (const country of ["IN", "US", "DE", "AR", "MX", ""]) {
      expect(normalizePhone("+919812345678", country)).toEqual({ phone: "+919812345678" });
    }
  });
});

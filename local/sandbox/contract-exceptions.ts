export type Contradiction = {
  /** Part of the file: method, path and direction, or "webhook". */
  where: RegExp;
  error: RegExp;
  because: string;
};

/** Where Meta's OpenAPI file contradicts Meta's pages or real answers. Everything else in it is held to. */
export const contradictions: readonly Contradiction[] = [
  {
    where: /^POST .*\/(marketing_)?messages request$/,
    error: /^\/ must have required property 'recipient_type'/,
    because: 'page "Messages": recipient_type may be left out and means individual',
  },
  {
    where: /^POST .*\/messages request$/,
    error:
      /^\/ must NOT have additional properties .*"(messaging_product|recipient_type|to|recipient|biz_opaque_callback_data|context)"/,
    because: "the file closes each kind of message against the envelope that it requires in the same breath",
  },
  {
    where: /^POST .*\/(marketing_)?messages request$/,
    error: /^\/template\/language must have required property 'policy'/,
    because: 'page "Template messages": policy is optional and deterministic is its only value',
  },
  {
    where: /^POST .*\/(marketing_)?messages request$/,
    error: /^\/template\/components\/\d+\/index must match pattern/,
    because: "the pattern is a broken range; Meta's examples count buttons from 0",
  },
  {
    where: /phone_numbers 200$/,
    error: /^\/data\/\d+ must have required property '(status|display_phone_number)'/,
    because: "the fields of a listing are those that were asked for; status is not among the default ones",
  },
  {
    where: /^GET .*-ID}? 200$/,
    error: /^\/ must have required property 'name'/,
    because: "fields=id leaves out the name",
  },
  {
    where: /^webhook$/,
    error: /^\/entry\/\d+\/changes\/\d+\/value\/messages\/\d+/,
    because:
      "two merged files share the names of message kinds: inbound messages are described as outgoing ones",
  },
  {
    where: /^webhook$/,
    error:
      /^\/entry\/\d+\/changes\/\d+\/value must (have required property|NOT be valid|match exactly one schema)/,
    because: "only values with messages, statuses or groups are described; Meta sends a dozen others",
  },
  {
    where: /^webhook$/,
    error: /^\/entry\/\d+\/changes\/\d+\/field must be equal to one of the allowed values/,
    because: 'page "Webhooks": template, account and preference fields exist beside messages and groups',
  },
  {
    where: /^GET .*Media-ID} 200$/,
    error: /^\/file_size must be string/,
    because: 'page "Media": file_size is a number in the example answer',
  },
];

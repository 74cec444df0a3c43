/** What a browser may show or play within a page: nothing of it can run a script. */
const shown = /^(image\/(jpeg|png|webp|gif)|audio\/(aac|mp4|mpeg|amr|ogg)|video\/(mp4|3gpp))$/;
/** What people send besides: saved, never opened here. */
const saved =
  /^(text\/plain|application\/(pdf|msword|vnd\.(ms-(excel|powerpoint)|openxmlformats-officedocument\.(wordprocessingml\.document|spreadsheetml\.sheet|presentationml\.presentation))))$/;

/**
 * The headers of a file that somebody else has sent: its type only if we know it, never sniffed, never run, and kept by
 * this browser alone.
 */
export function fileHeaders(claimedType: string, fileName: string | null): Record<string, string> {
  const type = claimedType.split(";")[0]?.trim().toLowerCase() ?? "";
  const isShown = shown.test(type);
  const name = fileName && `; filename*=UTF-8''${encodeRfc8187(fileName)}`;
  return {
    "content-type": isShown || saved.test(type) ? type : "application/octet-stream",
    "content-disposition": `${isShown ? "inline" : "attachment"}${name ?? ""}`,
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, max-age=3600",
  };
}

/** Source: RFC 8187, 3.2.1. */
const encodeRfc8187 = (name: string) =>
  encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

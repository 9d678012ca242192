const KNOWN: Readonly<Record<string, string>> = {
  "not-found": "it had never been asked",
  "not-configured": "it is not set up here",
  unauthorized: "it does not know us, its key has to be looked at",
};

/** Why somebody said no, as people can read it. A provider's code that we do not know says nothing to them: empty. What a person wrote has blanks, and is shown as it is. */
export function reasonInWords(said: string): string {
  return KNOWN[said] ?? (/^[\w-]+$/.test(said) ? "" : said);
}

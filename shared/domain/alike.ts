const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
/** Cyrillic and Greek small letters that are drawn as a Latin one, in their small or capital form, and what they look like. */
const LOOKS = new Map([..."авеѕіјкмнорстухԁԛԝһαβεζηικμνορτυχ"].map((letter, i) => [letter, [..."abesijkmhopctyxdqwhabezhikmnoptyx"][i] ?? letter]));

/** One spelling of what reads the same: composed, one case, one space, nothing that nobody sees. */
export function alike(text: string): string {
  const plain = text.normalize("NFKC").replace(UNSEEN, "").toUpperCase().toLowerCase().normalize("NFKC");
  return plain.replace(/\s+/gu, " ").trim();
}

/** Of a code, which is copied from paper by the eye: letters that look like Latin ones are these, and spaces and dashes only make it readable. */
export function alikeCode(code: string): string {
  return [...alike(code)].map((letter) => LOOKS.get(letter) ?? letter).join("").replace(/[\s\p{Pd}\u2212]/gu, "");
}

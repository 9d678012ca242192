import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What PDF's own letters can write (WinAnsi, without what looks alike elsewhere). */
const OWN = /^[\x20-\x7e\xa0-\xff\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac]*$/u;

export type Face = { readonly file: string; readonly family: string | undefined };
/** Consecutive letters that one font writes; null: PDF's own. */
export type Run = { readonly text: string; readonly face: Face | null };

export function isOwn(text: string): boolean {
  return OWN.test(text);
}

const known = new Map<string, Promise<Face | undefined>>();

/** A font of this machine that has the letter; fontconfig knows. */
function faceOf(letter: string): Promise<Face | undefined> {
  const script = SCRIPTS.find(([, pattern]) => pattern.test(letter))?.[0] ?? letter;
  let face = known.get(script);
  if (!face) known.set(script, (face = ask(letter)));
  return face;
}

const SCRIPTS: readonly (readonly [name: string, pattern: RegExp])[] = ["Latin", "Cyrillic", "Greek", "Thai", "Arabic", "Hebrew", "Devanagari", "Han", "Hiragana", "Katakana", "Hangul"].map((name) => [name, new RegExp(`\\p{Script=${name}}`, "u")] as const);

async function ask(letter: string): Promise<Face | undefined> {
  const code = letter.codePointAt(0)?.toString(16) ?? "20";
  try {
    const { stdout } = await run("fc-list", [`:charset=${code}`, "file", "family", "style"], { timeout: 5_000 });
    const faces = stdout.split("\n").flatMap((line) => {
      const match = /^(\/[^:]+\.(?:ttf|otf|ttc)): ?([^:]*):style=(.*)$/.exec(line.trim());
      return match?.[1] === undefined ? [] : [{ file: match[1], family: (match[2] ?? "").split(",")[0] ?? "", style: match[3] ?? "" }];
    });
    const regular = faces.filter(({ style }) => /regular|book|roman/i.test(style));
    const sans = regular.find(({ family }) => /sans/i.test(family) && !/mono/i.test(family)) ?? regular[0] ?? faces[0];
    // A collection has several fonts, which are told apart by their PostScript names: fontconfig says which.
    return sans === undefined ? undefined : { file: sans.file, family: sans.file.endsWith(".ttc") ? await postScriptName(sans.file, sans.family) : undefined };
  } catch {
    return undefined;
  }
}

async function postScriptName(file: string, family: string): Promise<string | undefined> {
  const { stdout } = await run("fc-scan", ["--format", "%{family[0]}\t%{postscriptname}\n", file], { timeout: 5_000 });
  const names = stdout.split("\n").map((line) => line.split("\t"));
  return (names.find(([of]) => of === family) ?? names[0])?.[1];
}

/** Cuts a text into runs. What no font here has is written as a question mark: nothing fails on a letter. */
export async function runsOf(text: string): Promise<readonly Run[]> {
  if (isOwn(text)) return [{ text, face: null }];
  const runs: { text: string; face: Face | null }[] = [];
  for (const letter of text) {
    const own = isOwn(letter);
    const found = own ? null : await faceOf(letter);
    const face = found ?? null;
    const said = own || found !== undefined ? letter : "?";
    const last = runs.at(-1);
    // A blank belongs to what it follows, so that a phrase stays one run.
    if (last !== undefined && (last.face?.file === face?.file || letter === " ")) last.text += said;
    else runs.push({ text: said, face });
  }
  return runs;
}

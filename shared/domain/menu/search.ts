import type { ProductState } from "./state.ts";

/** Letters that Unicode does not take apart into a base and a mark. */
const FOLDED: Readonly<Record<string, string>> = { đ: "d", ð: "d", ø: "o", ł: "l", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th" };

/** Lower case without diacritics: "Phở bò" is "pho bo". */
export function foldText(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .replace(/[đðøłıßæœþ]/g, (letter) => FOLDED[letter] ?? letter);
}

export type SearchIndex = readonly { readonly product: ProductState; readonly text: string; readonly words: readonly string[] }[];

/** Made once per menu, so that each letter answers at once, offline too. */
export function searchIndex(products: readonly ProductState[]): SearchIndex {
  return products
    .filter((product) => product.active)
    .map((product) => {
      const text = foldText(`${product.names.button} ${product.names.receipt} ${product.names.kitchen}`);
      return { product, text, words: text.split(/[^\p{Letter}\p{Number}]+/u).filter(Boolean) };
    })
    .sort((a, b) => a.product.number - b.product.number);
}

/** Smaller is better; null does not match. Every word typed must begin a word of the name, or stand inside it. */
function rank(entry: SearchIndex[number], typed: readonly string[]): number | null {
  const [first = ""] = typed;
  if (typed.every((word) => entry.words.some((w) => w.startsWith(word)))) return entry.text.startsWith(first) ? 0 : 1;
  return typed.every((word) => entry.text.includes(word)) ? 2 : null;
}

/** From two letters, or from the first digit of a product's number; the exact number comes first, then beginnings of names. */
export function searchProducts(index: SearchIndex, query: string, limit = 20): readonly ProductState[] {
  const folded = foldText(query).trim();
  if (/^\d+$/.test(folded)) {
    const exact = index.filter(({ product }) => String(product.number) === folded);
    const begins = index.filter(({ product }) => String(product.number).startsWith(folded) && String(product.number) !== folded);
    return [...exact, ...begins].slice(0, limit).map(({ product }) => product);
  }
  if (folded.length < 2) return [];
  const typed = folded.split(/\s+/);
  return index
    .map((entry) => ({ entry, rank: rank(entry, typed) }))
    .filter((hit) => hit.rank !== null)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
    .slice(0, limit)
    .map(({ entry }) => entry.product);
}

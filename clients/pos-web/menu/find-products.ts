import type { ProductState } from "#shared/domain/menu/state.ts";

/** "Phở bò" as somebody types it: "pho bo". */
export function folded(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[đĐ]/g, "d")
    .replace(/[øØ]/g, "o")
    .replace(/[łŁ]/g, "l")
    .replace(/ß/g, "ss")
    .toLowerCase();
}

type Indexed = { readonly product: ProductState; readonly words: readonly string[]; readonly name: string; readonly number: string };
const indexes = new WeakMap<readonly ProductState[], readonly Indexed[]>();

function indexOf(products: readonly ProductState[]): readonly Indexed[] {
  let index = indexes.get(products);
  if (!index) {
    index = products
      .filter((product) => product.active)
      .map((product) => {
        const name = folded(`${product.names.button} ${product.names.kitchen}`);
        return { product, name, words: name.split(/[^\p{L}\p{N}]+/u).filter(Boolean), number: String(product.number) };
      });
    indexes.set(products, index);
  }
  return index;
}

/** From two letters or a number: numbers by their beginning, names by the beginnings of their words, then by what they hold. Works without the hub. */
export function findProducts(products: readonly ProductState[], query: string, limit = 24): readonly ProductState[] {
  const wanted = folded(query.trim());
  if (/^\d+$/.test(wanted)) {
    return indexOf(products)
      .filter((each) => each.number.startsWith(wanted))
      .sort((a, b) => a.number.length - b.number.length || a.product.number - b.product.number)
      .slice(0, limit)
      .map((each) => each.product);
  }
  const parts = wanted.split(/\s+/).filter(Boolean);
  if (wanted.length < 2) return [];
  return indexOf(products)
    .map((each) => ({ each, rank: rankOf(each, parts) }))
    .filter(({ rank }) => rank < MISS)
    .sort((a, b) => a.rank - b.rank || a.each.name.localeCompare(b.each.name))
    .slice(0, limit)
    .map(({ each }) => each.product);
}

const MISS = 100;

function rankOf(each: Indexed, parts: readonly string[]): number {
  let rank = 0;
  for (const part of parts) {
    const at = each.words.findIndex((word) => word.startsWith(part));
    if (at >= 0) rank += Math.min(at, 5);
    else if (each.name.includes(part)) rank += 20;
    else return MISS;
  }
  return rank;
}

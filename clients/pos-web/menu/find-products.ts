import { searchIndex, searchProducts, type SearchIndex } from "#shared/domain/menu/search.ts";
import type { ProductState } from "#shared/domain/menu/state.ts";

const indexes = new WeakMap<readonly ProductState[], SearchIndex>();

/** Screen rule 4. The list of products is the same array until the menu changes, and so is its index. */
export function findProducts(products: readonly ProductState[], query: string): readonly ProductState[] {
  let index = indexes.get(products);
  if (!index) {
    index = searchIndex(products);
    indexes.set(products, index);
  }
  return searchProducts(index, query, 30);
}

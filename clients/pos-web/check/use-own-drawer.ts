import { useOpenDrawer } from "../drawer/use-open-drawer.ts";

/** As commands take it that may move cash. */
export function useOwnDrawer(): { readonly drawer?: string } {
  const drawer = useOpenDrawer();
  return drawer ? { drawer: drawer.id } : {};
}

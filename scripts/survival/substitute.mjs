// Loaded before a process by tests alone (`--import`): other words in some of its modules, so that the product has no switch for it.
import { registerHooks } from "node:module";

/** Each of `changes`: the end of a module's path, what is there, what stands there instead. */
export function substitute(changes) {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const mine = changes.filter(([path]) => url.endsWith(path));
      if (mine.length === 0) return loaded;
      let source = String(loaded.source);
      for (const [path, from, to] of mine) {
        if (!source.includes(from)) throw new Error(`${path} is no longer what it was when this was written: there is no ${from}`);
        source = source.replace(from, to);
      }
      return { ...loaded, source };
    },
  });
}

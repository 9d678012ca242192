export type Notes<Of extends object, Value> = { of(object: Of): Value | undefined; note(object: Of, value: Value): Value };

/**
 * What was worked out of an object that does not change, kept on it, where nobody who lists, copies, compares or writes the object sees it. Not in a WeakMap:
 * what that holds outlives its object by some collections of the young heap, and of a large bill that is a megabyte for every operation.
 */
export function notes<Of extends object, Value>(): Notes<Of, Value> {
  const key = Symbol("noted");
  return {
    of: (object) => (object as { readonly [key]?: Value })[key],
    note(object, value) {
      // On what is frozen there is no room: then it is worked out again.
      Reflect.defineProperty(object, key, { value, enumerable: false });
      return value;
    },
  };
}

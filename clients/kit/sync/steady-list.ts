/** Answers the list that it answered before while the new one holds the same, one by one: who follows it need not look again. */
export function steadyList<T>(): (next: readonly T[]) => readonly T[] {
  let last: readonly T[] = [];
  return (next) => {
    if (next.length !== last.length || next.some((each, i) => !Object.is(each, last[i]))) last = next;
    return last;
  };
}

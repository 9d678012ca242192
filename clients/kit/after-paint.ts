/** So long a frame takes from the page to the screen. */
const FRAME_MS = 16;

/** Runs when what is shown now has been painted, and what waits for that has been told; answers how to take it back. */
export function afterPaint(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(run, FRAME_MS);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

export type Providers = ReturnType<typeof providersAt>;
export type ProviderMood = { readonly mood: "ok"; readonly ms: number } | { readonly mood: "by-hand" | "lose-connection" | "offline" };

/** The simulated terminal and QR provider: they do as they are told. */
export function providersAt(preview: string) {
  const post = async (path: string, body: object) => {
    const answer = await fetch(new URL(`/api/providers/${path}`, preview), { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status} to ${path}`);
  };
  return {
    behave: (provider: "terminal-1" | "qr-1", mood: ProviderMood) => post(`${provider}/mood`, mood),
  };
}

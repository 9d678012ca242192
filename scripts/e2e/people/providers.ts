export type Providers = ReturnType<typeof providersAt>;
type Provider = "terminal-1" | "qr-1";
export type ProviderMood = { readonly mood: "ok" | "late" | "success-after-expiry"; readonly ms: number } | { readonly mood: "by-hand" | "lose-connection" | "offline" };

/** The simulated terminal and QR provider: they do as they are told. */
export function providersAt(preview: string) {
  const post = async (path: string, body: object) => {
    const answer = await fetch(new URL(`/api/providers/${path}`, preview), { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status} to ${path}`);
  };
  return {
    behave: (provider: Provider, mood: ProviderMood) => post(`${provider}/mood`, mood),
    /** What was asked for last, whatever has become of it since. */
    async guestPays(provider: Provider) {
      const all = (await (await fetch(new URL("/api/providers", preview))).json()) as readonly { readonly name: Provider; readonly attempts: readonly { readonly attempt: string }[] }[];
      const last = all.find(({ name }) => name === provider)?.attempts.map(({ attempt }) => attempt).sort().at(-1);
      await post(`${provider}/attempts/${last ?? "none"}`, { do: "approve" });
    },
  };
}

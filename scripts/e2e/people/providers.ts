export type Providers = ReturnType<typeof providersAt>;
type Provider = "terminal-1" | "qr-1";
type Asked = { readonly attempt: string; readonly amount?: string };
export type ProviderMood = { readonly mood: "ok" | "late" | "success-after-expiry"; readonly ms: number } | { readonly mood: "by-hand" | "lose-connection" | "offline" | "refund-fails" };

/** The simulated terminal and QR provider: they do as they are told. */
export function providersAt(preview: string) {
  const post = async (path: string, body: object) => {
    const answer = await fetch(new URL(`/api/providers/${path}`, preview), { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status} to ${path}`);
  };
  const attempts = async (provider: Provider) => {
    const all = (await (await fetch(new URL("/api/providers", preview))).json()) as readonly { readonly name: Provider; readonly attempts: readonly Asked[] }[];
    return all.find(({ name }) => name === provider)?.attempts ?? [];
  };
  const lastOf = async (provider: Provider) => [...(await attempts(provider))].sort((a, b) => (a.attempt < b.attempt ? -1 : 1)).at(-1);
  return {
    behave: (provider: Provider, mood: ProviderMood) => post(`${provider}/mood`, mood),
    /** What was asked for last, whatever has become of it since. */
    async guestPays(provider: Provider) {
      await post(`${provider}/attempts/${(await lastOf(provider))?.attempt ?? "none"}`, { do: "approve" });
    },
    /** How much it was asked for last, in minor units. */
    lastAmount: async (provider: Provider) => (await lastOf(provider))?.amount,
  };
}

import { Avatar } from "@mantine/core";
import { initials } from "../format.ts";

export function PersonBadge({ name, color, size = 36 }: { readonly name: string; readonly color: string; readonly size?: number }) {
  return (
    <Avatar size={size} radius="xl" aria-hidden styles={{ placeholder: { backgroundColor: color, color: inkOn(color), fontWeight: 700, fontSize: size * 0.38, border: "none" } }}>
      {initials(name)}
    </Avatar>
  );
}

/** Dark or light letters, whichever can be read on this colour. */
export function inkOn(color: string): string {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return (r * 299 + g * 587 + b * 114) / 1000 > 150 ? "#221d19" : "#fffdfa";
}

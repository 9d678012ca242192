import { Flex, SegmentedControl, Select, Text } from "@mantine/core";
import { useTills } from "./use-open-drawer.ts";

const SIDE_BY_SIDE = 3;

/** Which of several drawers this tablet's cash goes into and comes out of; nothing where there is no choice. */
export function DrawerChoice() {
  const { open, own, choose } = useTills();
  if (open.length === 0 || (open.length === 1 && own)) return null;
  const names = open.map(({ name }) => name);
  const label = own ? "Cash drawer" : "Which drawer is the cash of?";
  return (
    <Flex data-drawer-choice direction={own ? "row" : "column"} align={own ? "center" : "stretch"} gap={8}>
      <Text fz="sm" fw={own ? 400 : 650} c="var(--ink-2)" aria-hidden style={{ flex: "none" }}>{label}</Text>
      {names.length <= SIDE_BY_SIDE ? (
        <SegmentedControl fullWidth size="md" style={{ flex: 1 }} styles={{ label: { minHeight: 40 } }} aria-label={label} value={own?.name ?? ""} onChange={choose} data={names} />
      ) : (
        <Select style={{ flex: 1 }} aria-label={label} placeholder="Choose a drawer" data={names} value={own?.name ?? null} allowDeselect={false} onChange={(name) => (name === null ? undefined : choose(name))} />
      )}
    </Flex>
  );
}

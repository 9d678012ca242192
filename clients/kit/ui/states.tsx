import { Button, Loader, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";

export function Loading({ label }: { readonly label: string }) {
  return (
    <Stack align="center" justify="center" h="100%" gap="md" role="status" aria-live="polite">
      <Loader size="lg" type="dots" />
      <Text c="var(--ink-2)">{label}</Text>
    </Stack>
  );
}

export type EmptyStateProps = { readonly icon?: ReactNode; readonly title: string; readonly text?: string; readonly action?: ReactNode };

export function EmptyState({ icon, title, text, action }: EmptyStateProps) {
  return (
    <Stack align="center" justify="center" h="100%" gap="xs" p="xl" ta="center">
      <Text c="var(--ink-3)" lh={1}>{icon}</Text>
      <Title order={3} fz={20}>{title}</Title>
      {text ? <Text c="var(--ink-2)" maw={420}>{text}</Text> : null}
      {action}
    </Stack>
  );
}

export function ErrorState({ title, text, onRetry }: { readonly title: string; readonly text: string; readonly onRetry?: () => void }) {
  return (
    <Stack align="center" justify="center" h="100%" gap="xs" p="xl" ta="center" role="alert">
      <IconAlertTriangle size={48} color="var(--mantine-color-chili-5)" />
      <Title order={3} fz={20}>{title}</Title>
      <Text c="var(--ink-2)" maw={420}>{text}</Text>
      {onRetry ? <Button onClick={onRetry} mt="sm">Try again</Button> : null}
    </Stack>
  );
}

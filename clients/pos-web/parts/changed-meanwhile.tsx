import { Alert, Button, Group, Text } from "@mantine/core";
import { differing } from "#shared/domain/same.ts";
import { refusalInWords } from "../../kit/words/refusals.ts";

type ChangedMeanwhileProps = { readonly was: object; readonly now: object; readonly onLookAgain: () => void };

/** The hub would refuse it: said before anybody tries, with what was changed, and the way out. */
export function ChangedMeanwhile({ was, now, onLookAgain }: ChangedMeanwhileProps) {
  return (
    <Alert color="chili" role="alert">
      <Group justify="space-between">
        <Text style={{ flex: 1, minWidth: 240 }}>{refusalInWords({ refused: "changed-meanwhile", changed: differing(was, now) })}</Text>
        <Button variant="default" onClick={onLookAgain}>Look again, without what I typed</Button>
      </Group>
    </Alert>
  );
}

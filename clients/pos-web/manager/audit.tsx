import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconHistory, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { failureOf } from "../../kit/api.ts";
import { dayAndTime } from "../../kit/format.ts";
import { useMay, useMerchant } from "../../kit/hooks.ts";
import { Dialog } from "../../kit/ui/dialog.tsx";
import { ErrorState, Loading } from "../../kit/ui/states.tsx";
import { failureInWords } from "../../kit/words/failures.ts";
import { entityInWords } from "../../kit/words/trail.ts";
import { useHubQuery, type Outputs } from "../parts/use-hub-query.ts";
import classes from "./manager-screen.module.css";
import own from "./operation-screen.module.css";
import { Trail } from "./trail.tsx";

type Entities = Outputs["operation"]["entities"];
type Shown = { readonly stream: string; readonly title: string };

/** What happened to anything of the place: found by its name or number, or by its id. */
export function Audit() {
  const zone = useMerchant()?.zone ?? "UTC";
  const [search, setSearch] = useState("");
  const wanted = search.trim();
  const found = useHubQuery<Entities>("operation.entities", { search: wanted }, { enabled: wanted !== "" });
  const [shown, setShown] = useState<Shown | null>(null);
  return (
    <section className={classes["box"]} aria-label="Audit">
      <h2 className={classes["title"]}>Audit</h2>
      <TextInput aria-label="Search the audit" placeholder="A table, person, product or account, a bill's table or receipt, or the id of anything" leftSection={<IconSearch size={22} />} value={search} maxLength={130} onChange={(event) => setSearch(event.currentTarget.value)} />
      {wanted !== "" && found.isError ? <ErrorState title="Nothing found" text={failureInWords(failureOf(found.error))} onRetry={() => void found.refetch()} /> : null}
      {wanted !== "" && found.isPending ? <Loading label="Looking for it" /> : null}
      {wanted === "" || found.isError ? null : found.data?.map((entity) => (
        <div key={entity.stream} className={own["letter"]}>
          <div className={own["what"]}>
            <Text fw={700}>{entityInWords(entity)}</Text>
            <Text fz={14} c="var(--ink-3)">{entity.openedAt === null ? "" : `${dayAndTime(new Date(entity.openedAt), zone)} · `}{entity.stream}</Text>
          </div>
          <Button h={48} variant="default" leftSection={<IconHistory size={20} />} aria-label={`Audit of ${entityInWords(entity)}`} onClick={() => setShown({ stream: entity.stream, title: entityInWords(entity) })}>Audit</Button>
        </div>
      ))}
      {wanted !== "" && found.data?.length === 0 ? <Text c="var(--ink-3)" mt="sm">Nothing here is called that, or has this number or id.</Text> : null}
      {shown === null ? null : <AuditDialog first={shown} onClose={() => setShown(null)} />}
    </section>
  );
}

/** Beside whatever has a trail; nothing for who may not see the past. */
export function AuditButton({ stream, title }: Shown) {
  const may = useMay("manage.view");
  const [open, setOpen] = useState(false);
  if (!may) return null;
  return (
    <>
      <Button variant="default" px="sm" leftSection={<IconHistory size={22} />} aria-label={`Audit of ${title}`} onClick={() => setOpen(true)}>Audit</Button>
      {open ? <AuditDialog first={{ stream, title }} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** From one thing's trail to those of who did something to it, and back. */
function AuditDialog({ first, onClose }: { readonly first: Shown; readonly onClose: () => void }) {
  const [path, setPath] = useState<readonly Shown[]>([first]);
  const { stream, title } = path.at(-1) ?? first;
  return (
    <Dialog opened onClose={onClose} size="calc(min(1240px, 96vw))" title={`Audit of ${title}`}>
      {path.length === 1 ? null : <Group><Button h={48} variant="default" onClick={() => setPath(path.slice(0, -1))}>Back</Button></Group>}
      <Trail key={stream} stream={stream} onOpen={(other, called) => setPath([...path, { stream: other, title: called }])} />
    </Dialog>
  );
}

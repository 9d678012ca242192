import { Button, Text } from "@mantine/core";
import { IconArrowUp, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { runningRules } from "#shared/domain/menu/price-rules.ts";
import type { PriceRule } from "#shared/events/commerce.ts";
import { useHubNow } from "../../kit/clock.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useHub, useMay, useMerchant } from "../../kit/hooks.ts";
import { newId } from "../../kit/ids.ts";
import { EmptyState, Loading } from "../../kit/ui/states.tsx";
import { HappyHourForm } from "./happy-hour-form.tsx";
import classes from "./list-and-one.module.css";
import { daysInWords, draftOf, newDraft } from "./rule-draft.ts";

/** Prices by the hour. The first that fits an item prices it, so their order can be changed. */
export function HappyHoursScreen() {
  const send = useSend();
  const { clock } = useHub();
  const merchant = useMerchant();
  const may = useMay("manage.settings");
  const now = new Date(useHubNow(clock, 30_000)).toISOString();
  const [chosen, setChosen] = useState<string | null>(null);
  const [adding, setAdding] = useState<string | null>(null);
  if (!merchant) return <Loading label="Loading the place" />;
  const rules = merchant.priceRules;
  const running = new Set(runningRules(rules, now, merchant.zone).map(({ rule }) => rule));
  const shown = rules.find(({ rule }) => rule === chosen) ?? rules[0];
  const add = () => setAdding(newId("movement").slice("mov_".length).toLowerCase());

  /** Only this rule is put, taken out or moved; when others were at it meanwhile, the hub says so and nothing is written over. */
  async function save(changed: readonly PriceRule[]): Promise<boolean> {
    const { ok } = await send("commerce.changePriceRules", { was: [...rules], rules: [...changed] });
    return ok;
  }
  const put = async (rule: PriceRule) => {
    const there = rules.some((each) => each.rule === rule.rule);
    const ok = await save(there ? rules.map((each) => (each.rule === rule.rule ? rule : each)) : [...rules, rule]);
    if (ok && !there) {
      setAdding(null);
      setChosen(rule.rule);
    }
    return ok;
  };
  const earlier = (at: number) => void save(rules.map((each, i) => (i === at - 1 ? (rules[at] ?? each) : i === at ? (rules[at - 1] ?? each) : each)));

  return (
    <div className={classes["screen"]}>
      <section className={classes["list"]} aria-label="Happy hours">
        <Button px={8} leftSection={<IconPlus size={22} />} disabled={!may || rules.length >= 50} onClick={add}>New happy hour</Button>
        <div className={classes["rows"]}>
          {rules.map((each, at) => (
            <div key={each.rule} style={{ display: "flex", alignItems: "center" }}>
              <button type="button" className={classes["row"]} aria-pressed={adding === null && each.rule === shown?.rule} onClick={() => { setChosen(each.rule); setAdding(null); }}>
                <b>{each.name}</b>
                <span>{running.has(each.rule) ? "now" : ""}</span>
                <small>{daysInWords(each.days)} {each.from}–{each.to}</small>
              </button>
              {at === 0 ? null : <Button variant="subtle" px={0} w={48} h={48} disabled={!may} aria-label={`${each.name} before ${rules[at - 1]?.name ?? ""}`} onClick={() => earlier(at)}><IconArrowUp size={20} /></Button>}
            </div>
          ))}
        </div>
        {rules.length > 1 ? <Text fz={14} c="var(--ink-3)">The first that fits counts.</Text> : null}
      </section>
      {adding !== null ? (
        <HappyHourForm key={adding} start={newDraft(adding)} merchant={merchant} may={may} onSave={put} onCancel={() => setAdding(null)} />
      ) : shown ? (
        <HappyHourForm key={`${shown.rule} ${JSON.stringify(shown)}`} start={draftOf(shown, merchant)} merchant={merchant} may={may} onSave={put} onRemove={() => save(rules.filter(({ rule }) => rule !== shown.rule))} />
      ) : (
        <div className={classes["one"]}><EmptyState title="No happy hour yet" text="Products may cost less at some hours of some days. What is entered then keeps its price." /></div>
      )}
    </div>
  );
}

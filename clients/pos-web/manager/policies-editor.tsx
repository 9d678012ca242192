import { Button, Group, SegmentedControl, Select, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { shownUnit } from "#shared/domain/merchant/charged-unit.ts";
import { profileOf, type MerchantState } from "#shared/domain/merchant/state.ts";
import { tipsOf } from "#shared/domain/merchant/policy-rules.ts";
import { sameJson } from "#shared/domain/same.ts";
import type { Policies, ServiceCharge } from "#shared/events/commerce.ts";
import { moneyOf } from "#shared/money/money.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMay, useMerchant } from "../../kit/hooks.ts";
import { EmptyState, Loading } from "../../kit/ui/states.tsx";
import { MoneyInput } from "../parts/money-input.tsx";
import { moneyOfText, textOfMoney } from "../parts/money-text.ts";
import { ChangedMeanwhile } from "../parts/changed-meanwhile.tsx";
import { useDraftStanding } from "../parts/use-draft-standing.ts";
import { ChargeBySize } from "./charge-by-size.tsx";
import classes from "./policies-editor.module.css";
import { percentOfRate, rateOfPercent } from "./percent.ts";
import { PlaceTimes } from "./place-times.tsx";
import { SERVICE_TYPES } from "./service-types.ts";

type Tax = Policies["taxes"][number];
/** As the policies take it, in the smallest unit. */
const MOST_STEP = 100_000;
const NO_CHARGE: ServiceCharge = { rate: "0.1", taxCode: null, removable: true, beneficiary: "house", serviceTypes: ["dine_in"] };

/** What the place decides about money. Bills that are open keep what they were opened with (DOM-9). */
export function PoliciesEditor() {
  const merchant = useMerchant();
  const may = useMay("manage.settings");
  if (!merchant) return <Loading label="Loading the place" />;
  if (!merchant.policies) return <EmptyState title="No policies yet" text="The place has not been set up." />;
  return <Editor merchant={merchant} policies={merchant.policies} may={may} />;
}

/** Each form keeps what it began with until it is told to look again: what others change meanwhile takes nothing from under one's hands. */
function Editor({ merchant, policies, may }: { readonly merchant: MerchantState; readonly policies: Policies; readonly may: boolean }) {
  const [start, setStart] = useState(policies);
  const profile = profileOf(merchant);
  const [times, setTimes] = useState(profile);
  return (
    <div className={classes["screen"]}>
      <PoliciesForm key={JSON.stringify(start)} start={start} now={policies} merchant={merchant} may={may} onLookAgain={() => setStart(policies)} />
      <PlaceTimes key={JSON.stringify(times)} start={times} now={profile} may={may} onLookAgain={() => setTimes(profile)} />
    </div>
  );
}

type PoliciesFormProps = { readonly start: Policies; readonly now: Policies; readonly merchant: MerchantState; readonly may: boolean; readonly onLookAgain: () => void };

function PoliciesForm({ start, now, merchant: { currency, displayDigits }, may, onLookAgain }: PoliciesFormProps) {
  const send = useSend();
  const [policies, setPolicies] = useState(start);
  const [percents, setPercents] = useState<readonly string[]>(start.taxes.map((tax) => percentOfRate(tax.rate)));
  const [service, setService] = useState(percentOfRate(start.serviceCharge?.rate ?? "0.1"));
  const [tips, setTips] = useState((start.tips?.suggestions ?? []).map(percentOfRate).join(", "));
  const [step, setStep] = useState(textOfMoney(moneyOf(BigInt(start.cashStep), currency), displayDigits));
  const unitBefore = start.rounding.unit ?? shownUnit({ currency, displayDigits });
  const [unitTyped, setUnitTyped] = useState(textOfMoney(moneyOf(BigInt(unitBefore), currency), displayDigits));
  const [busy, setBusy] = useState(false);
  const unit = Number(moneyOfText(unitTyped, currency, displayDigits)?.amount ?? 0);
  const cashStep = Number(moneyOfText(step, currency, displayDigits)?.amount ?? 0);
  const change = (some: Partial<Policies>) => setPolicies({ ...policies, ...some });
  const changeTax = (at: number, some: Partial<Tax>) => change({ taxes: policies.taxes.map((tax, i) => (i === at ? { ...tax, ...some } : tax)) });
  const charge = policies.serviceCharge;
  const changeCharge = (some: Partial<ServiceCharge>) => change({ serviceCharge: charge ? { ...charge, ...some } : null });
  const suggestions = tips.split(/[;\s]+|,\s+/).map((each) => each.replace(/,$/, "")).filter((each) => each !== "").map(rateOfPercent);
  const covers = (charge?.bySize ?? []).map(({ minCovers }) => minCovers);
  const twice = new Set(covers).size < covers.length;
  const wrong = percents.some((percent) => rateOfPercent(percent) === undefined) || (charge !== null && rateOfPercent(service) === undefined) || suggestions.includes(undefined) || suggestions.length > 5 || twice || [unit, cashStep].some((step) => step < 1 || step > MOST_STEP);
  const whole: Policies = {
    ...policies,
    rounding: unit === unitBefore ? policies.rounding : { ...policies.rounding, unit },
    cashStep,
    taxes: policies.taxes.map((tax, i) => ({ ...tax, rate: rateOfPercent(percents[i] ?? "") ?? tax.rate })),
    serviceCharge: charge ? { ...charge, rate: rateOfPercent(service) ?? charge.rate } : null,
    tips: { suggestions: suggestions.flatMap((rate) => rate ?? []), afterAuthorisation: policies.tips?.afterAuthorisation ?? false, recipient: policies.tips?.recipient ?? "server" },
  };

  const standing = useDraftStanding({ start: withTips(start), now: withTips(now), draft: whole, busy, onLookAgain });

  async function save() {
    setBusy(true);
    await send("commerce.changePolicies", { was: start, policies: whole });
    setBusy(false);
  }

  return (
    <fieldset className={classes["form"]} disabled={!may}>
      <Box title="Taxes">
        {policies.taxes.map((tax, i) => (
          <div key={i} className={classes["tax"]} role="group" aria-label={`Tax ${tax.code}`}>
            <TextInput label="Code" value={tax.code} readOnly={i < start.taxes.length} maxLength={20} onChange={(event) => changeTax(i, { code: event.currentTarget.value.toLowerCase().replaceAll(/[^a-z0-9-]/g, "") })} />
            <TextInput label="Name" value={tax.name} maxLength={30} onChange={(event) => changeTax(i, { name: event.currentTarget.value })} />
            <TextInput label="%" value={percents[i] ?? ""} error={rateOfPercent(percents[i] ?? "") === undefined} inputMode="decimal" onChange={(event) => setPercents(percents.map((each, at) => (at === i ? event.currentTarget.value : each)))} />
            <Select label="In the price" size="lg" allowDeselect={false} value={tax.inclusive ? "in" : "on"} onChange={(value) => changeTax(i, { inclusive: value === "in" })} data={[{ value: "in", label: "included" }, { value: "on", label: "added" }]} />
            <Select label="For" size="lg" allowDeselect={false} value={tax.serviceTypes?.length === 1 ? (tax.serviceTypes[0] ?? "all") : tax.serviceTypes ? "some" : "all"} onChange={(value) => changeTax(i, value === "all" ? withoutTypes() : { serviceTypes: SERVICE_TYPES.filter((each) => each.value === value).map((each) => each.value) })} data={[{ value: "all", label: "everything" }, ...SERVICE_TYPES, ...((tax.serviceTypes?.length ?? 0) > 1 ? [{ value: "some", label: "several" }] : [])]} />
            {i < start.taxes.length ? null : <Button variant="subtle" color="chili" px="sm" aria-label={`Without tax ${tax.code}`} onClick={() => { change({ taxes: policies.taxes.filter((_, at) => at !== i) }); setPercents(percents.filter((_, at) => at !== i)); }}><IconTrash size={22} /></Button>}
          </div>
        ))}
        <Button variant="default" leftSection={<IconPlus size={20} />} onClick={() => { change({ taxes: [...policies.taxes, { code: `tax-${policies.taxes.length + 1}`, name: "Tax", rate: "0", inclusive: true }] }); setPercents([...percents, "0"]); }}>Another tax</Button>
        <Choice label="Tax of split bills" value={policies.taxOnSplit ?? "family"} onChange={(value) => change({ taxOnSplit: value === "own-receipt" ? value : "family" })} data={[{ value: "family", label: "As of the whole bill" }, { value: "own-receipt", label: "Each receipt for itself" }]} />
      </Box>
      <Box title="Service charge">
        <Switch label="A service charge is on the bill" checked={charge !== null} onChange={(event) => change({ serviceCharge: event.currentTarget.checked ? (start.serviceCharge ?? NO_CHARGE) : null })} />
        {charge ? (
          <>
            <Group grow>
              <TextInput label="%" value={service} error={rateOfPercent(service) === undefined} inputMode="decimal" onChange={(event) => setService(event.currentTarget.value)} />
              <Select label="Taxed as" size="lg" allowDeselect={false} value={charge.taxCode ?? "-"} onChange={(value) => changeCharge({ taxCode: value === "-" ? null : value })} data={[{ value: "-", label: "not taxed" }, ...[...new Set(policies.taxes.map((tax) => tax.code))].map((code) => ({ value: code, label: code }))]} />
            </Group>
            <Choice label="Of prices" value={charge.base ?? "before-discount"} onChange={(value) => changeCharge({ base: value === "after-discount" ? value : "before-discount" })} data={[{ value: "before-discount", label: "Before discounts" }, { value: "after-discount", label: "After discounts" }]} />
            <ChargeBySize sizes={charge.bySize ?? []} onChange={(bySize) => changeCharge({ bySize })} />
            <Choice label="It is" value={charge.beneficiary} onChange={(value) => changeCharge({ beneficiary: value === "staff" ? value : "house" })} data={[{ value: "house", label: "The house's" }, { value: "staff", label: "The staff's" }]} />
            <Group gap="lg">
              <Switch label="Guests may refuse it" checked={charge.removable} onChange={(event) => changeCharge({ removable: event.currentTarget.checked })} />
              {SERVICE_TYPES.map(({ value, label }) => <Switch key={value} label={label} checked={charge.serviceTypes.includes(value)} onChange={(event) => changeCharge({ serviceTypes: event.currentTarget.checked ? [...charge.serviceTypes, value] : charge.serviceTypes.filter((each) => each !== value) })} />)}
            </Group>
          </>
        ) : null}
      </Box>
      <Box title="Rounding and tips">
        <Choice label="Rounding" value={policies.rounding.mode} onChange={(value) => change({ rounding: { ...policies.rounding, mode: value === "half-even" || value === "down" ? value : "half-up" } })} data={[{ value: "half-up", label: "Half up" }, { value: "half-even", label: "Half even" }, { value: "down", label: "Down" }]} />
        <Choice label="Taxes are rounded" value={policies.rounding.level} onChange={(value) => change({ rounding: { ...policies.rounding, level: value === "line" ? value : "check" } })} data={[{ value: "check", label: "Once a bill" }, { value: "line", label: "Line by line" }]} />
        <Group grow align="start">
          <MoneyInput label="Smallest amount charged" value={unitTyped} onChange={setUnitTyped} />
          <MoneyInput label="Smallest cash" value={step} onChange={setStep} />
        </Group>
        <TextInput label="Suggested tips, in percent" placeholder="5, 10, 15" value={tips} error={suggestions.includes(undefined) || suggestions.length > 5 ? "at most five percentages" : null} onChange={(event) => setTips(event.currentTarget.value)} />
        <Choice label="A tip is" value={policies.tips?.recipient ?? "server"} onChange={(value) => change({ tips: { ...whole.tips, suggestions: whole.tips?.suggestions ?? [], afterAuthorisation: policies.tips?.afterAuthorisation ?? false, recipient: value === "pool" ? value : "server" } })} data={[{ value: "server", label: "The waiter's" }, { value: "pool", label: "Everybody's" }]} />
        <Switch label="The tip is written on the slip, after the card" checked={policies.tips?.afterAuthorisation ?? false} onChange={(event) => change({ tips: { suggestions: whole.tips?.suggestions ?? [], recipient: policies.tips?.recipient ?? "server", afterAuthorisation: event.currentTarget.checked } })} />
      </Box>
      {standing === "changed" ? <ChangedMeanwhile was={withTips(start)} now={withTips(now)} onLookAgain={onLookAgain} /> : null}
      <div className={classes["foot"]}>
        <Text c="var(--ink-2)" style={{ flex: 1 }}>Open bills keep what they were opened with.</Text>
        <Button size="xl" loading={busy} disabled={wrong || standing !== "same" || sameJson(whole, withTips(start))} onClick={() => void save()}>Save</Button>
      </div>
      {may ? null : <Text c="chili.6">You may look at this, not change it.</Text>}
    </fieldset>
  );
}

/** Left out they mean what they say here. */
function withTips(policies: Policies): Policies {
  return { ...policies, tips: tipsOf(policies) };
}

/** Absent means all kinds of service. */
function withoutTypes(): Partial<Tax> {
  return { serviceTypes: undefined } as unknown as Partial<Tax>;
}

function Box({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes["box"]} aria-label={title}>
      <Title order={2} fz={19}>{title}</Title>
      {children}
    </section>
  );
}

type ChoiceProps = { readonly label: string; readonly value: string; readonly data: { value: string; label: string }[]; readonly onChange: (value: string) => void };

function Choice({ label, value, data, onChange }: ChoiceProps) {
  return (
    <Stack gap={4}>
      <Text fw={600}>{label}</Text>
      <SegmentedControl fullWidth aria-label={label} value={value} onChange={onChange} data={data} />
    </Stack>
  );
}

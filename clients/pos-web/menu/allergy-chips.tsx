import { TextInput } from "@mantine/core";
import { IconAlertOctagon } from "@tabler/icons-react";
import { useState } from "react";
import classes from "./item-sheet.module.css";

const COMMON = ["nuts", "peanuts", "gluten", "milk", "egg", "fish", "shellfish", "soy", "sesame"] as const;

/** DOM-7: an allergy is a field of its own, never a note. */
export function AllergyChips({ value, onChange }: { readonly value: readonly string[]; readonly onChange: (value: string[]) => void }) {
  const [other, setOther] = useState("");
  const shown = [...COMMON, ...value.filter((each) => !COMMON.some((common) => common === each))];
  const toggle = (allergy: string) => onChange(value.includes(allergy) ? value.filter((each) => each !== allergy) : [...value, allergy].slice(0, 10));
  return (
    <div className={classes["chip"]} role="group" aria-label="Allergies">
      {shown.map((allergy) => (
        <button key={allergy} type="button" className={classes["option"]} data-allergy aria-pressed={value.includes(allergy)} aria-label={`Allergy: ${allergy}`} onClick={() => toggle(allergy)}>
          {value.includes(allergy) ? <IconAlertOctagon size={18} aria-hidden /> : null}
          <span>{allergy}</span>
        </button>
      ))}
      <TextInput
        aria-label="Other allergy"
        placeholder="other"
        w={120}
        maxLength={30}
        value={other}
        onChange={(event) => setOther(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && other.trim() !== "") {
            event.preventDefault();
            toggle(other.trim().toLowerCase());
            setOther("");
          }
        }}
        onBlur={() => {
          if (other.trim() !== "") toggle(other.trim().toLowerCase());
          setOther("");
        }}
      />
    </div>
  );
}

/** A drop-down list with a label. */

import type { VNode } from "preact";

interface SelectProps {
  readonly label: string;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly value: string;
  readonly onValue: (value: string) => void;
}

export function Select({ label, choices, value, onValue }: SelectProps): VNode {
  return (
    <label class="field select">
      {label}
      <select
        value={value}
        onChange={(event) => {
          onValue(event.currentTarget.value);
        }}
      >
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

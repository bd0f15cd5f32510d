/** Small components that several features use. */

import type { ComponentChildren, JSX, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { colourOf, initials } from "../lib/avatar.ts";
import type { Member } from "../../sdk/index.ts";
import { Icon, type IconName } from "./icons.tsx";

type ButtonProps = JSX.IntrinsicElements["button"];

/** A button with an icon. Its label is the accessible name and the tooltip. */
export function IconButton({
  icon,
  label,
  ...rest
}: ButtonProps & { readonly icon: IconName; readonly label: string }): VNode {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}

/** The initials of a user on the user's colour. */
export function Avatar({ member }: { readonly member: Member }): VNode {
  return (
    <span class="avatar" data-colour={colourOf(member.userId)} aria-hidden="true">
      {initials(member.name)}
    </span>
  );
}

/** A name that users chose, isolated so that its direction does not affect the text around it. */
export function Name({ children }: { readonly children: string }): VNode {
  return (
    <bdi class="name" dir="auto">
      {children}
    </bdi>
  );
}

/** Three moving dots with a label, shown while something is loading. */
export function Waiting({ label }: { readonly label: string }): VNode {
  return (
    <p class="waiting" role="status">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {label}
    </p>
  );
}

interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly isAlert?: boolean;
}

/** A view without content: an icon, a title and an explanation. */
export function EmptyState({ icon, title, children, isAlert = false }: EmptyStateProps): VNode {
  return (
    <div class="empty-state" {...(isAlert && { role: "alert" })}>
      <span class="empty-state-icon">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Milliseconds for which the result of a copy is shown. */
const RESULT_DURATION = 2_000;

/** A button that copies a text and shows whether that worked. */
export function CopyButton({ text, label }: { text: string; label: string }): VNode {
  const [result, setResult] = useState<"copied" | "failed">();
  useEffect(() => {
    if (result === undefined) return undefined;
    const timer = setTimeout(() => {
      setResult(undefined);
    }, RESULT_DURATION);
    return () => {
      clearTimeout(timer);
    };
  }, [result]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setResult("copied");
    } catch {
      setResult("failed");
    }
  };
  return (
    <span class="copy">
      <IconButton
        icon={result === "copied" ? "check" : "link"}
        label={label}
        onClick={() => {
          void copy();
        }}
      />
      <span class="copy-result" role="status">
        {result === "copied" && "Link copied"}
        {result === "failed" && "Couldn't copy. Please copy it manually."}
      </span>
    </span>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly input?: JSX.IntrinsicElements["input"];
}

/** A text field with a label, and a hint or an error below it. */
export function Field({ id, label, value, onValue, hint, error, input }: FieldProps): VNode {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        dir="auto"
        value={value}
        autocomplete="off"
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-hint`}
        onInput={(event) => {
          onValue(event.currentTarget.value);
        }}
        {...input}
      />
      <p id={`${id}-hint`} class={error === undefined ? "hint" : "hint error"} aria-live="polite">
        {error ?? hint}
      </p>
    </div>
  );
}

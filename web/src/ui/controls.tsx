/** Small parts that every view uses. */

import type { ComponentChildren, JSX, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { colourOf, initials } from "../lib/avatar.ts";
import type { Member } from "../../sdk/index.ts";
import { Icon, type IconName } from "./icons.tsx";

type ButtonProps = JSX.IntrinsicElements["button"];

/** A button that is an icon; its label is read out, and shown when one points at it. */
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

/** Initials on the person's colour. */
export function Avatar({ member }: { readonly member: Member }): VNode {
  return (
    <span class="avatar" data-colour={colourOf(member.userId)} aria-hidden="true">
      {initials(member.name)}
    </span>
  );
}

/** A name as it was given: it turns nothing around it. */
export function Name({ children }: { readonly children: string }): VNode {
  return (
    <bdi class="name" dir="auto">
      {children}
    </bdi>
  );
}

/** Three dots that say that something is under way. */
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

interface BlankProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly isAlert?: boolean;
}

/** What a view shows that has nothing else to show. */
export function Blank({ icon, title, children, isAlert = false }: BlankProps): VNode {
  return (
    <div class="blank" {...(isAlert && { role: "alert" })}>
      <span class="blank-icon">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

const SHOWN_FOR = 2_000;

/** Copies a text, and says whether that worked. */
export function CopyButton({ text, label }: { text: string; label: string }): VNode {
  const [result, setResult] = useState<"copied" | "failed">();
  useEffect(() => {
    if (result === undefined) return undefined;
    const timer = setTimeout(() => {
      setResult(undefined);
    }, SHOWN_FOR);
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
        {result === "failed" && "Copy it by hand, please"}
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

/** A labelled line to type in, with what there is to say about it. */
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

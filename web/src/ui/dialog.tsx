/** A modal dialog. The browser keeps the focus inside and restores it afterwards. */

import type { ComponentChildren, VNode } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

import { IconButton } from "./controls.tsx";

interface DialogProps {
  readonly title: string;
  readonly kind?: "card" | "drawer";
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ title, kind = "card", onClose, children }: DialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector("input")?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${kind}`}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => {
        // A click on the backdrop has the dialog as its target. A click inside has the body.
        if (event.target === event.currentTarget) dialog.current?.close();
      }}
    >
      <div class="dialog-body">
        <div class="dialog-head">
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label="Close" onClick={() => dialog.current?.close()} />
        </div>
        {children}
      </div>
    </dialog>
  );
}

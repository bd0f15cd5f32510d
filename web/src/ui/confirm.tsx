/** Asks before an action that cannot be undone. */

import type { ComponentChildren, VNode } from "preact";

import { useAction } from "./use-action.ts";
import { Dialog } from "./dialog.tsx";

interface ConfirmProps {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly yes: string;
  readonly no?: string;
  readonly onYes: () => Promise<void> | void;
  readonly onClose: () => void;
  /** An alternative, shown if the action failed. */
  readonly instead?: VNode;
}

/** A dialog that closes after the action. If the action fails, it stays open and shows the reason. */
export function Confirm(props: ConfirmProps): VNode {
  const { title, children, yes, no = "Cancel", onYes, onClose, instead } = props;
  const { run, isBusy, problem } = useAction();
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <Problem text={problem} />
      {problem !== undefined && instead}
      <p class="actions end">
        <button type="button" class="button" onClick={onClose}>
          {no}
        </button>
        <button
          type="button"
          class="button danger"
          aria-disabled={isBusy}
          onClick={() => {
            void run(onYes).then((isDone) => {
              if (isDone) onClose();
            });
          }}
        >
          {yes}
        </button>
      </p>
    </Dialog>
  );
}

/** The reason why an action failed. */
export function Problem({ text }: { readonly text: string | undefined }): VNode {
  return (
    <p class="problem" role="alert">
      {text}
    </p>
  );
}

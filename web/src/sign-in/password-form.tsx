/** Name and password, and what Cognito may want to know besides. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { Field } from "../ui/controls.tsx";
import { useServices } from "../context.ts";
import { lastAccount, signedIn } from "./account.ts";
import type { Challenge, Cognito, SignedIn } from "./cognito-client.ts";
import { Porch } from "./layout.tsx";
import { wordsFor } from "./errors.ts";

export function SignInForm({ cognito }: { readonly cognito: Cognito }): VNode {
  const { submit, challenge, isBusy, problem } = useSignIn(cognito);
  return (
    <Porch problem={problem}>
      {challenge ? (
        <Answer key={challenge.kind} kind={challenge.kind} isBusy={isBusy} onSubmit={submit} />
      ) : (
        <Credentials isBusy={isBusy} onSubmit={submit} />
      )}
    </Porch>
  );
}

interface SigningIn {
  readonly submit: (...typed: readonly string[]) => void;
  readonly challenge: Challenge | undefined;
  readonly isBusy: boolean;
  readonly problem: string | undefined;
}

function useSignIn(cognito: Cognito): SigningIn {
  const { store } = useServices();
  const [challenge, setChallenge] = useState<Challenge>();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const attempt = async ([first = "", second = ""]: readonly string[]): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const outcome = await (challenge
        ? cognito.answer(challenge, first)
        : cognito.signIn(first, second));
      if (isChallenge(outcome)) setChallenge(outcome);
      else signedIn(store, outcome.account, outcome.tokens);
    } catch (error) {
      setProblem(wordsFor(error));
    }
    setBusy(false);
  };
  const submit = (...typed: readonly string[]): void => {
    if (!isBusy) void attempt(typed);
  };
  return { submit, challenge, isBusy, problem };
}

function isChallenge(outcome: SignedIn | Challenge): outcome is Challenge {
  return "kind" in outcome;
}

interface FormProps {
  readonly isBusy: boolean;
  readonly onSubmit: (...typed: readonly string[]) => void;
}

function Credentials({ isBusy, onSubmit }: FormProps): VNode {
  const { store } = useServices();
  const [name, setName] = useState(lastAccount(store)?.name ?? "");
  const [password, setPassword] = useState("");
  const form = useFocus(name === "" ? "username" : "password");
  return (
    <form
      ref={form}
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(name.trim(), password);
      }}
    >
      <Field
        id="username"
        label="Name"
        value={name}
        onValue={setName}
        input={{
          autocomplete: "username",
          autocapitalize: "none",
          spellcheck: false,
          required: true,
        }}
      />
      <Field
        id="password"
        label="Password"
        value={password}
        onValue={setPassword}
        input={{ type: "password", autocomplete: "current-password", required: true }}
      />
      <Submit isBusy={isBusy}>Sign in</Submit>
    </form>
  );
}

interface Question {
  readonly label: string;
  readonly hint: string;
  readonly type: "password" | "text";
}

const QUESTIONS: Readonly<Record<Challenge["kind"], Question>> = {
  NEW_PASSWORD_REQUIRED: {
    label: "New password",
    hint: "The one you were given was for the first time only. Choose your own.",
    type: "password",
  },
  SOFTWARE_TOKEN_MFA: {
    label: "Code",
    hint: "The six digits that your authenticator app shows.",
    type: "text",
  },
};

function Answer({ kind, isBusy, onSubmit }: FormProps & Pick<Challenge, "kind">): VNode {
  const [text, setText] = useState("");
  const { label, hint, type } = QUESTIONS[kind];
  const form = useFocus("answer");
  const autocomplete = type === "password" ? "new-password" : "one-time-code";
  return (
    <form
      ref={form}
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(type === "password" ? text : text.trim());
      }}
    >
      <Field
        id="answer"
        label={label}
        value={text}
        onValue={setText}
        hint={hint}
        input={{ autocomplete, required: true, ...(type === "password" && { type }) }}
      />
      <Submit isBusy={isBusy}>Go on</Submit>
    </form>
  );
}

function Submit({
  isBusy,
  children,
}: {
  readonly isBusy: boolean;
  readonly children: string;
}): VNode {
  return (
    <button type="submit" class="button primary wide" aria-disabled={isBusy}>
      {isBusy ? "One moment…" : children}
    </button>
  );
}

/** A form whose field of that id has the focus first. */
function useFocus(id: string): { current: HTMLFormElement | null } {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLInputElement>(`#${id}`)?.focus();
  }, []);
  return form;
}

/** The form for name and password, and for the further questions of Cognito. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { Field } from "../ui/controls.tsx";
import { useServices } from "../context.ts";
import { lastAccount, saveAccount } from "./account.ts";
import type { Challenge, CognitoClient, SignedIn } from "./cognito-client.ts";
import { SignInLayout } from "./layout.tsx";
import { signInMessage } from "./errors.ts";

export function PasswordForm({ client }: { readonly client: CognitoClient }): VNode {
  const { submit, challenge, isBusy, problem } = useSignIn(client);
  return (
    <SignInLayout problem={problem}>
      {challenge ? (
        <ChallengeForm
          key={challenge.kind}
          kind={challenge.kind}
          isBusy={isBusy}
          onSubmit={submit}
        />
      ) : (
        <Credentials isBusy={isBusy} onSubmit={submit} />
      )}
    </SignInLayout>
  );
}

interface SigningIn {
  readonly submit: (...typed: readonly string[]) => void;
  readonly challenge: Challenge | undefined;
  readonly isBusy: boolean;
  readonly problem: string | undefined;
}

function useSignIn(client: CognitoClient): SigningIn {
  const { store } = useServices();
  const [challenge, setChallenge] = useState<Challenge>();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const attempt = async ([first = "", second = ""]: readonly string[]): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const outcome = await (challenge
        ? client.answer(challenge, first)
        : client.signIn(first, second));
      if (isChallenge(outcome)) setChallenge(outcome);
      else saveAccount(store, outcome.account, outcome.tokens);
    } catch (error) {
      setProblem(signInMessage(error));
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
    hint: "Your first password was valid only once. Choose a new one.",
    type: "password",
  },
  SOFTWARE_TOKEN_MFA: {
    label: "Code",
    hint: "Enter the six digits from your authenticator app.",
    type: "text",
  },
};

function ChallengeForm({ kind, isBusy, onSubmit }: FormProps & Pick<Challenge, "kind">): VNode {
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
      <Submit isBusy={isBusy}>Continue</Submit>
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
      {isBusy ? "Signing in…" : children}
    </button>
  );
}

/** Return a form, and focus its field with the id *id*. */
function useFocus(id: string): { current: HTMLFormElement | null } {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLInputElement>(`#${id}`)?.focus();
  }, []);
  return form;
}

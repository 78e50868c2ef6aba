import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { ExpandableSection } from '@patternfly/react-core/dist/esm/components/ExpandableSection';
import { ActionGroup, Form } from '@patternfly/react-core/dist/esm/components/Form';
import { type FormEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { ApiError } from '../api/client';
import { formText } from '../text/forms';
import { dryRun, make, type Change } from './changes';
import type { AnyObject, DryRun } from './contract';
import { type Draft, stepsOf } from './draft';
import { FieldSet } from './FieldSet';
import type { Field } from './fields';
import { isEssential } from './essentials';
import { Preview } from './Preview';

interface Props {
  readonly kind: string;
  readonly fields: readonly Field[];
  readonly initial: Draft;
  readonly submitLabel: string;
  /** What is to be sent for a draft; undefined if nothing differs. */
  readonly change: (draft: Draft) => Change | undefined;
  readonly onDone: (made: AnyObject) => void;
  readonly cancel: ReactNode;
}

type Refusal = { readonly problem: ApiError; readonly wrong: ReadonlyMap<string, string> };

/** Only a field that the form has can show what is wrong with it; everything else stands above. */
function refusal(error: unknown, fields: readonly Field[]): Refusal {
  const problem = error instanceof ApiError ? error : new ApiError(0, 'unknown', error instanceof Error ? error.message : String(error));
  const path = problem.problem.field;
  const known = path !== undefined && fields.some((field) => field.name === stepsOf(path)[0]);
  return { problem, wrong: new Map(known ? [[path, problem.message]] : []) };
}

/** A form for objects of one kind: what it asks for is the contract's, what was wrong is shown at the field. */
export function KindForm({ kind, fields, initial, submitLabel, change, onDone, cancel }: Props) {
  const [draft, setDraft] = useState(initial);
  const [refused, setRefused] = useState<Refusal>();
  const [preview, setPreview] = useState<DryRun>();
  const [unchanged, setUnchanged] = useState(false);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const [first, others] = useMemo(() => {
    const shown = (field: Field) => field.required || isEssential(kind, field.name) || field.name === 'name';
    return [fields.filter(shown), fields.filter((field) => !shown(field))];
  }, [fields, kind]);
  const hidesWrong = others.some((field) => [...(refused?.wrong.keys() ?? [])].some((path) => stepsOf(path)[0] === field.name));
  const [more, setMore] = useState(false);
  const run = (action: (change: Change) => Promise<void>) => {
    const asked = change(draft);
    setUnchanged(asked === undefined);
    setPreview(undefined);
    setRefused(undefined);
    if (!asked) return;
    setBusy(true);
    action(asked)
      .catch((e: unknown) => {
        setRefused(refusal(e, fields));
        // The first refused field, or the message above all of them.
        setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true], [data-refused]')?.focus());
      })
      .finally(() => setBusy(false));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run(async (asked) => onDone(await make(asked)));
  };
  const state = { draft, onChange: setDraft, wrong: refused?.wrong ?? new Map<string, string>() };
  return (
    <div ref={form} className="nv-form">
      {refused && <Refused refused={refused} />}
      {unchanged && <Alert isInline isLiveRegion variant="info" title={formText.nothingChanged} />}
      <Form onSubmit={submit} noValidate>
        <FieldSet fields={first} {...state} />
        {others.length > 0 && (
          <ExpandableSection
            toggleText={more || hidesWrong ? formText.less : formText.more} isExpanded={more || hidesWrong} onToggle={(_event, open) => setMore(open)}
          >
            <div className="nv-form__more"><FieldSet fields={others} {...state} /></div>
          </ExpandableSection>
        )}
        <ActionGroup>
          <Button type="submit" isLoading={busy} isDisabled={busy}>{submitLabel}</Button>
          <Button variant="secondary" isDisabled={busy} onClick={() => run(async (asked) => setPreview(await dryRun(asked)))}>{formText.preview}</Button>
          {cancel}
        </ActionGroup>
      </Form>
      {preview && <Preview preview={preview} />}
    </div>
  );
}

function Refused({ refused: { problem, wrong } }: { refused: Refusal }) {
  const users = problem.problem.users ?? [];
  return (
    <div data-refused tabIndex={-1}>
      <Alert isInline isLiveRegion variant="danger" title={wrong.size > 0 ? formText.refusedAtField : formText.refused} data-testid="refused">
        {wrong.size === 0 && problem.message}
        {users.length > 0 && <p>{`${formText.usedBy}: ${users.map((user) => user.name).join(', ')}`}</p>}
      </Alert>
    </div>
  );
}

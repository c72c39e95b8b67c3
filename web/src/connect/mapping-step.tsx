/** Fields to attributes as suggested: taken or left row by row, with values of real records and what is wrong with them. */
import { Badge, Button, Checkbox, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core'
import '@mantine/core/styles/Badge.css'
import { IconArrowRight } from '@tabler/icons-react'
import { useId } from 'react'
import { useWords } from '../language/use-words.ts'
import { CountryChoice } from '../mapping/country-choice.tsx'
import { IDENTITY, toTarget, unfinishedRows } from '../mapping/draft-state.ts'
import { findField } from '../mapping/find-field.ts'
import { joinRows, type RowView } from '../mapping/join-rows.ts'
import { ProblemList } from '../mapping/problem-list.tsx'
import { Samples } from '../mapping/samples.tsx'
import { useSourceLabel } from '../mapping/use-field-label.ts'
import { Panel } from '../parts/panel.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import type { Choices } from './choosing.tsx'
import { StepFrame } from './step-frame.tsx'
import { type RowChoice, rowChoices } from './suggested-rows.ts'

export type MappingStepProps = {
  readonly choices: Choices
  readonly left: ReadonlyMap<string, string>
  readonly onLeave: (source: string, target: string) => void
  readonly onBack: () => void
  readonly onDone: () => void
}

export function MappingStep({ choices, left, onLeave, onBack, onDone }: MappingStepProps) {
  const { t } = useWords()
  const { survey, draft, dispatch, previewed, faults, errors } = choices
  const rows = rowChoices(draft, survey, left)
  const views = joinRows({ draft, survey, preview: previewed.preview, faults })
  const suggestions = useId()
  const isBarred = unfinishedRows(draft).length > 0 || errors.length > 0
  return (
    <StepFrame
      title={t('connect.mapping.title')}
      lead={t('connect.mapping.lead')}
      onBack={onBack}
      action={
        <Button onClick={onDone} disabled={isBarred}>
          {t('connect.next')}
        </Button>
      }
      barred={isBarred ? t('connect.mapping.barred') : null}
    >
      {previewed.problem === null ? null : (
        <ProblemNotice problem={previewed.problem} onRetry={previewed.retry} />
      )}
      <Panel
        title={t('connect.mapping.rows')}
        note={
          survey.pipedrive.fields.some(({ samples }) => samples.length > 0)
            ? t('connect.mapping.rowsHelp')
            : t('connect.mapping.noRecords')
        }
      >
        <datalist id={suggestions}>
          {survey.brevo.attributes
            .filter(({ writable }) => writable)
            .map(({ name }) => (
              <option key={name} value={name} />
            ))}
        </datalist>
        <ul className="connect-rows" aria-label={t('connect.mapping.rows')}>
          {rows.map((row) => (
            <Row
              key={row.source}
              row={row}
              view={views.find(({ source }) => source === row.source) ?? null}
              survey={survey}
              suggestions={suggestions}
              onTake={() => dispatch({ type: 'addRow', source: row.source, target: row.target })}
              onLeave={() => onLeave(row.source, row.target)}
              onRetarget={(target) => dispatch({ type: 'retarget', source: row.source, target })}
            />
          ))}
        </ul>
        <ProblemList problems={faults.rest} />
        <Text fz="sm" c="dimmed">
          {t('connect.mapping.moreLater')}
        </Text>
      </Panel>
      <Panel title={t('connect.mapping.more')}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
          <div>
            <CountryChoice
              label={t('mapping.more.country')}
              description={t('mapping.more.countryHelp')}
              value={draft.defaultCountry}
              onChange={(country) => dispatch({ type: 'setCountry', country })}
            />
            <ProblemList problems={faults.ofCountry} />
          </div>
          <Switch
            label={t('connect.mapping.bothWays')}
            description={t('connect.mapping.bothWaysHelp')}
            checked={draft.bothWays}
            onChange={(event) => dispatch({ type: 'setBothWays', on: event.currentTarget.checked })}
          />
        </SimpleGrid>
      </Panel>
    </StepFrame>
  )
}

type RowProps = Pick<Choices, 'survey'> & {
  readonly row: RowChoice
  /** Null where it is left. */
  readonly view: RowView | null
  readonly suggestions: string
  readonly onTake: () => void
  readonly onLeave: () => void
  readonly onRetarget: (target: string) => void
}

function Row({ row, view, survey, suggestions, onTake, onLeave, onRetarget }: RowProps) {
  const { t } = useWords()
  const { source, target, taken, because } = row
  const labelOf = useSourceLabel(survey.pipedrive.fields)
  const field = findField(source, survey.pipedrive.fields)
  const label = labelOf(source)
  const isIdentity = source === IDENTITY
  const isNew = taken && !isIdentity && !survey.brevo.attributes.some(({ name }) => name === toTarget(target))
  const isUnfinished = taken && target.trim() === ''
  const problems = view?.problems ?? []
  const id = useId()
  return (
    <li className="connect-row" data-left={!taken || undefined}>
      <Checkbox
        label={label}
        description={
          isIdentity
            ? t('connect.mapping.because.identity')
            : because === null
              ? undefined
              : t(`connect.mapping.because.${because}`)
        }
        checked={taken}
        disabled={isIdentity}
        onChange={(event) => (event.currentTarget.checked ? onTake() : onLeave())}
      />
      <Samples
        samples={
          view?.samples ??
          (field?.samples ?? []).map((from) => ({ from, to: undefined, problem: null, code: null }))
        }
      />
      <IconArrowRight className="connect-arrow" size={18} stroke={1.5} aria-hidden />
      {isIdentity ? (
        <Text className="page-value">{t('connect.mapping.identity')}</Text>
      ) : (
        <Stack gap={4} align="flex-start">
          <TextInput
            w="100%"
            aria-label={t('mapping.rows.target', { field: label })}
            aria-describedby={problems.length > 0 ? id : undefined}
            list={suggestions}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            disabled={!taken}
            value={target}
            error={isUnfinished ? t('mapping.rows.unfinished') : null}
            onChange={(event) => onRetarget(event.currentTarget.value)}
            onBlur={() => taken && onRetarget(toTarget(target))}
          />
          {isNew && !isUnfinished ? (
            <Badge variant="light" size="sm" className="connect-new">
              {t('connect.mapping.new')}
            </Badge>
          ) : null}
        </Stack>
      )}
      <ProblemList problems={problems} id={id} />
    </li>
  )
}

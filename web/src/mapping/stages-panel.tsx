/** Stages to lists: a column for each pipeline, its stages in order as cards. */
import { Paper, Stack, Title } from '@mantine/core'
import { type Dispatch, type ReactNode, useId } from 'react'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import type { Draft, DraftAction } from './draft-state.ts'
import type { Survey } from './find-field.ts'
import type { PlacedFaults, RowProblem } from './join-rows.ts'
import { ListChoice } from './list-choice.tsx'
import { ProblemList } from './problem-list.tsx'
import { layStages, type StageCard, type StageColumn } from './stage-board.ts'

export type StagesPanelProps = {
  readonly draft: Draft
  /** Null: nothing can be edited. */
  readonly survey: Survey | null
  readonly faults: PlacedFaults['ofStage']
  readonly dispatch: Dispatch<DraftAction>
}

export function StagesPanel({ draft, survey, faults, dispatch }: StagesPanelProps) {
  const { t } = useWords()
  const columns = layStages(draft.stageLists, survey?.pipedrive.pipelines ?? [])
  return (
    <Panel title={t('mapping.stages.title')} note={t('mapping.stages.note')}>
      <ProblemList problems={faults.get('') ?? []} />
      <div className="mapping-board">
        {columns.map((column) => (
          <Column
            key={column.cards[0]?.stages[0] ?? column.name}
            column={column}
            accountKnown={survey !== null}
          >
            {(card) => (
              <Card
                key={card.stages[0]}
                card={card}
                column={column}
                survey={survey}
                faults={card.stages.flatMap((stage) => faults.get(stage) ?? [])}
                onChange={(listId) => dispatch({ type: 'setStage', stages: card.stages, listId })}
              />
            )}
          </Column>
        ))}
      </div>
    </Panel>
  )
}

type ColumnProps = {
  readonly column: StageColumn
  readonly accountKnown: boolean
  readonly children: (card: StageCard) => ReactNode
}

function Column({ column: { kind, name, cards }, accountKnown, children }: ColumnProps) {
  const { t } = useWords()
  const id = useId()
  const title =
    kind === 'pipeline'
      ? name
      : t(kind === 'unknown' && !accountKnown ? 'mapping.stages.written' : `mapping.stages.${kind}`)
  return (
    <section className="mapping-column" aria-labelledby={id}>
      <Title order={3} id={id}>
        {title}
      </Title>
      <Stack component="ol" gap="xs" className="mapping-cards">
        {cards.map(children)}
      </Stack>
    </section>
  )
}

type CardProps = {
  readonly card: StageCard
  readonly column: StageColumn
  readonly survey: Survey | null
  readonly faults: readonly RowProblem[]
  readonly onChange: (listId: number | null) => void
}

function Card({ card: { name, listId }, column, survey, faults, onChange }: CardProps) {
  const { t } = useWords()
  const title =
    column.kind === 'closed' ? t(name === 'won' ? 'mapping.stages.won' : 'mapping.stages.lost') : name
  return (
    <Paper component="li" className="page-panel" p="sm" radius="md">
      <ListChoice
        label={title}
        lists={survey?.brevo.lists ?? null}
        value={listId}
        onChange={onChange}
        suggestion={column.kind === 'pipeline' ? `${column.name}: ${name}` : title}
      />
      <ProblemList problems={faults} />
    </Paper>
  )
}

/** Fields left, attributes right. */
import { Box, Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type Dispatch, useEffect, useId, useRef, useState } from 'react'
import { useMay } from '../frame/session-context.ts'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import type { DraftAction } from './draft-state.ts'
import { FieldPicker } from './field-picker.tsx'
import { findField, type SourceField, type Survey, suggestTarget } from './find-field.ts'
import type { RowView } from './join-rows.ts'
import { MappingRow, targetId } from './mapping-row.tsx'

export type RowsPanelProps = {
  readonly rows: readonly RowView[]
  /** Null: nothing can be edited. */
  readonly survey: Survey | null
  readonly dispatch: Dispatch<DraftAction>
}

export function RowsPanel({ rows, survey, dispatch }: RowsPanelProps) {
  const { t } = useWords()
  const mayCreate = useMay('admin')
  const suggestions = useId()
  return (
    <Panel title={t('mapping.rows.title')} {...(survey !== null && { note: t('mapping.rows.note') })}>
      <datalist id={suggestions}>
        {survey?.brevo.attributes
          .filter(({ writable }) => writable)
          .map(({ name, type }) => (
            <option key={name} value={name} label={t(`mapping.types.${type}`)} />
          ))}
      </datalist>
      <div>
        <div className="mapping-head" aria-hidden>
          <span>{t('mapping.rows.field')}</span>
          <span>{survey === null ? null : t('mapping.rows.samples')}</span>
          <span />
          <span>{t('mapping.rows.attribute')}</span>
        </div>
        <Box component="ul" className="mapping-rows" aria-label={t('mapping.rows.title')}>
          {rows.map((row) => (
            <MappingRow
              key={row.source}
              row={row}
              suggestions={suggestions}
              editable={survey !== null}
              mayCreate={mayCreate}
              onRetarget={(target) => dispatch({ type: 'retarget', source: row.source, target })}
              onRemove={() => dispatch({ type: 'removeRow', source: row.source })}
            />
          ))}
        </Box>
      </div>
      {survey === null ? null : <AddRow rows={rows} survey={survey} dispatch={dispatch} />}
    </Panel>
  )
}

function AddRow({ rows, survey, dispatch }: RowsPanelProps & { readonly survey: Survey }) {
  const { t } = useWords()
  const [choosing, setChoosing] = useState(false)
  const [added, setAdded] = useState<string | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const { fields } = survey.pipedrive
  const taken = new Set(rows.map(({ source }) => findField(source, fields) ?? null))
  useEffect(() => {
    if (added === null) return
    document.getElementById(targetId(added))?.focus()
    setAdded(null)
  }, [added])
  const choose = (field: SourceField): void => {
    dispatch({ type: 'addRow', source: field.source, target: suggestTarget(field, survey) })
    setChoosing(false)
    setAdded(field.source)
  }
  return (
    <>
      <Button
        ref={button}
        variant="default"
        style={{ alignSelf: 'flex-start' }}
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => setChoosing(true)}
      >
        {t('mapping.rows.add')}
      </Button>
      {choosing ? (
        <FieldPicker
          fields={fields}
          isTaken={(field) => taken.has(field)}
          onChoose={choose}
          onClose={() => {
            setChoosing(false)
            button.current?.focus()
          }}
        />
      ) : null}
    </>
  )
}

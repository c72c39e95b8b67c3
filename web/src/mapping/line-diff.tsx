/** Lines of the file as they were and as they would be: marked by sign and word, and by colour besides. */
import { VisuallyHidden } from '@mantine/core'
import { useWords } from '../language/use-words.ts'
import type { Preview } from './join-rows.ts'

const SIGNS = { same: ' ', added: '+', removed: '−' } as const

export function LineDiff({ lines }: { lines: Preview['diff'] }) {
  const { t } = useWords()
  return (
    // biome-ignore lint/a11y/useSemanticElements: no set of fields
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="mapping-diff" role="group" aria-label={t('mapping.review.diff')} tabIndex={0}>
      <table>
        <tbody>
          {lines.map(({ kind, line, text }, index) => (
            <tr key={`${kind} ${line}`} data-kind={kind} data-gap={isGap(lines, index) || undefined}>
              <td>{line}</td>
              <td>
                <span aria-hidden>{SIGNS[kind]}</span>
                {kind === 'same' ? null : <VisuallyHidden>{t(`mapping.review.${kind}`)}</VisuallyHidden>}
              </td>
              <td>
                <code>{text}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Lines are left out before this one. */
function isGap(lines: Preview['diff'], index: number): boolean {
  const line = lines[index]
  const before = lines.slice(0, index).findLast(({ kind }) => kind !== 'removed')
  return line !== undefined && line.kind === 'same' && before !== undefined && line.line > before.line + 1
}

/** Fields of deals that reports cannot be split by, and what helps. */
import { Text } from '@mantine/core'
import { useWords } from '../language/use-words.ts'
import { useChoices } from './use-choices.ts'

const NAMED = 12

export function LeftOutFields() {
  const { t, list, number } = useWords()
  const names = (useChoices()?.fields ?? [])
    .filter(({ problem }) => problem === 'not_kept')
    .map(({ name }) => name)
  if (names.length === 0) return null
  const left = names.length - NAMED
  return (
    <details className="page-more">
      <summary>{t('reports.leftOut.title', { count: names.length, number: number(names.length) })}</summary>
      <Text fz="sm" c="dimmed" mt={4} maw="72ch">
        {t('reports.leftOut.text')}
      </Text>
      <Text fz="sm" mt={4} maw="72ch" className="page-value">
        {list(
          left > 0 ? [...names.slice(0, NAMED), t('reports.leftOut.more', { number: number(left) })] : names,
        )}
      </Text>
    </details>
  )
}

/** Values of real records, and how each would arrive. */
import { Text, VisuallyHidden } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { useWords } from '../language/use-words.ts'
import { ServerWords } from '../parts/server-words.tsx'
import type { RowSample } from './join-rows.ts'

export function Samples({ samples }: { samples: readonly RowSample[] }) {
  const { t } = useWords()
  if (samples.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        {t('mapping.rows.noSamples')}
      </Text>
    )
  return (
    <ul className="mapping-samples">
      {samples.map(({ from, to, problem, code }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two records may have the same value
        <li key={index}>
          <span>{from}</span>
          {to === undefined || to === from ? null : (
            <>
              <VisuallyHidden>{t('mapping.rows.becomes')}</VisuallyHidden>
              <IconArrowRight size={14} stroke={1.7} color="var(--mantine-color-dimmed)" aria-hidden />
              {to === null ? (
                <Text component="span" fz="sm" c="dimmed" fs="italic">
                  {t('mapping.rows.nothing')}
                </Text>
              ) : (
                <span>{to}</span>
              )}
            </>
          )}
          {problem === null ? null : (
            <Text component="span" fz="xs" c="var(--page-warn)">
              <SampleProblem problem={problem} code={code} />
            </Text>
          )}
        </li>
      ))}
    </ul>
  )
}

/** The server says which value and why in English; other languages say first what that means. */
function SampleProblem({ problem, code }: { problem: string; code: string | null }) {
  const { lookUp, language } = useWords()
  const said = language === 'en' || code === null ? null : lookUp(`overview.warnings.${code}`)
  if (said === null) return <ServerWords>{problem}</ServerWords>
  return (
    <>
      {said} <ServerWords>({problem})</ServerWords>
    </>
  )
}

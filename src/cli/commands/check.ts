/** `tajo check`: the configuration against both accounts, one line per thing looked at. Judges nothing itself. */
import type { CheckItem, CheckReport } from '../../service/index.ts'
import { type CommandContext, withService } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { count, type Output, type Style, wrapText } from '../output.ts'

const MARKS: Readonly<Record<CheckItem['level'], { mark: string; style: Style }>> = {
  ok: { mark: '✓', style: 'green' },
  fixed: { mark: '✓', style: 'cyan' },
  warning: { mark: '!', style: 'yellow' },
  error: { mark: '✗', style: 'red' },
}

const EXIT_OF_CHECK = { ok: EXIT.done, errors: EXIT.configuration, paused: EXIT.paused } as const

export function runCheck(context: CommandContext, options: { fix?: boolean }): Promise<number> {
  return withService(context, async (service) => {
    const report = await service.check({ fix: options.fix === true, signal: context.signal })
    context.signal.throwIfAborted()
    context.output.document(report)
    if (!context.output.json) printCheck(context.output, report)
    return EXIT_OF_CHECK[report.status]
  })
}

export function printCheck(output: Output, report: CheckReport): void {
  for (const item of report.items) printItem(output, item)
  output.print()
  output.print(checkSummary(report))
}

/** `24 things checked: 20 fine, 3 warnings, 1 error.` */
export function checkSummary(report: CheckReport): string {
  const of = (level: CheckItem['level']): number => report.items.filter((item) => item.level === level).length
  const parts = [`${count(of('ok'))} fine`]
  if (of('fixed') > 0) parts.push(`${count(of('fixed'))} repaired`)
  if (of('warning') > 0) parts.push(count(of('warning'), 'warning'))
  if (of('error') > 0) parts.push(count(of('error'), 'error'))
  const end = {
    ok: '',
    errors: ' A sync would not start.',
    paused: ' An account could not be asked; the rest is unknown.',
  }[report.status]
  return `${count(report.items.length, 'thing')} checked: ${parts.join(', ')}.${end}`
}

export function printItem(output: Output, { level, subject, message, remedy, location }: CheckItem): void {
  const { mark, style } = MARKS[level]
  output.print(`${output.style(style, mark)} ${wrapText(`${subject}: ${message}`, output.columns - 2, '  ')}`)
  if (location !== null) output.print(`  ${output.style('dim', `at ${location}`)}`)
  if (remedy !== null) output.print(`  ${wrapText(`→ ${remedy}`, output.columns - 2, '    ')}`)
}

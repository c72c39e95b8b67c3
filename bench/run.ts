/**
 * `npm run bench`: ratios and figures taken in one run against the simulators. `-- --large` adds 100,000 persons and sends
 * a million webhooks; `-- --only NAME` runs one part, by the name of its data set or of its part (see run-live.ts).
 */
import { parseArgs } from 'node:util'
import { measureSync } from './measure-sync.ts'
import { measureSdks } from './official-sdks.ts'
import { runLive } from './run-live.ts'

const { only, large, help } = readArguments()
if (help) {
  console.log(
    'npm run bench -- [--large] [--only NAME]\n\nNAME: a data set (messy, "10,000 persons", large) or a part of run-live.ts',
  )
  process.exit(0)
}
const sets: [string, number][] = [
  ['messy', 1_000],
  ['10,000 persons', 10_000],
]
if (large || only === 'large') sets.push(['large', 100_000])

const rows = []
for (const [name, persons] of sets) {
  if (only !== undefined && only !== name) continue
  const measured = await measureSync(name, persons)
  rows.push(measured)
  console.log(`${name}: ${JSON.stringify(measured.counts)} ${measured.report.status}`)
}
const table = Object.fromEntries(
  rows.map((row) => [
    row.name,
    {
      seconds: +(row.wallMs / 1000).toFixed(1),
      'lower bound, s': +(row.boundMs / 1000).toFixed(1),
      'time / bound': +row.timeRatio.toFixed(2),
      'tokens / (pages × 10)': +row.tokenRatio.toFixed(2),
      'Brevo requests / (imports + read-back)': +row.requestRatio.toFixed(2),
      'peak MB': Math.round(row.peakMb),
      'CPU ms / contact': +row.cpuMsPerContact.toFixed(2),
      'writes of a second run': row.secondWrites,
    },
  ]),
)
if (rows.length > 0) console.table(table)
const [small, big] = [
  rows.find((row) => row.name === '10,000 persons'),
  rows.find((row) => row.name === 'large'),
]
if (small && big)
  console.log(`growth from 10,000 to 100,000 persons: ${(big.wallMs / small.wallMs).toFixed(1)} × the time`)

const tajo = rows.find((row) => row.name === 'messy')
if (tajo) {
  const sdks = await measureSdks()
  console.log(
    '1,000 persons by Tajo (all attributes, lists, computed fields, read back) and by the official SDKs (name and list only):',
  )
  console.table(
    Object.fromEntries(
      [
        {
          name: 'Tajo',
          seconds: tajo.wallMs / 1000,
          requests: tajo.counts.brevoRequests ?? 0,
          due: tajo.counts.contacts ?? 0,
          there: tajo.counts.contacts ?? 0,
          errors: tajo.report.contacts.failed,
        },
        ...sdks,
      ].map(({ name, seconds, requests, due, there, errors }) => [
        name,
        {
          seconds: +seconds.toFixed(1),
          'time / Tajo': +((seconds * 1000) / tajo.wallMs).toFixed(1),
          'Brevo requests': requests,
          'contacts due': due,
          'really there': there,
          errors: errors,
        },
      ]),
    ),
  )
}

await runLive({ only, large })

/** A word that nobody knows begins no hour of measuring. */
function readArguments(): { only: string | undefined; large: boolean; help: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        large: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    return { only: values.only, large: values.large, help: values.help }
  } catch (error) {
    console.error(`${(error as Error).message}\nSee npm run bench -- --help`)
    process.exit(2)
  }
}

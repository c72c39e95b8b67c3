/** One pass from a program of your own, for example from cron: connects, syncs, and says what did not work. */
import { TajoClient, TajoError } from '@tajo/sdk'

await using tajo = new TajoClient({ brevoApiKey: process.env.BREVO_API_KEY })

try {
  await tajo.connectors.connect('pipedrive', {
    apiToken: process.env.PIPEDRIVE_API_TOKEN,
    companyDomain: process.env.PIPEDRIVE_COMPANY_DOMAIN,
  })
  const { status, contacts } = await tajo.connectors.sync({
    signal: AbortSignal.timeout(15 * 60_000),
    onProgress: ({ stage, what, done }) => console.error(stage, what, done),
  })
  console.log(`${status}: ${contacts.read} persons read, ${contacts.created} contacts created`)
  for (const failure of await tajo.failures.list()) console.log(failure.message, failure.remedy)
} catch (error) {
  if (!(error instanceof TajoError)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exitCode = error.disposition === 'pause' ? 4 : 1
}

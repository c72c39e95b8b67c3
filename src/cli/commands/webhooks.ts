/** `tajo webhooks`: what the services send to this server. Removes nothing unasked. */
import { type CommandContext, withService } from '../command-context.ts'
import { EXIT, usageError } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { printWebhooks, refusedIn } from '../webhook-report-text.ts'

type Webhooks = import('../../service/index.ts').Service['webhooks']

export function runList(context: CommandContext): Promise<number> {
  return run(context, (webhooks, options) => webhooks.list(options))
}

export function runRegister(context: CommandContext): Promise<number> {
  return run(context, (webhooks, options) => webhooks.register(options))
}

export async function runRemove(context: CommandContext, { yes }: { yes?: boolean }): Promise<number> {
  if (yes !== true && !(await isConfirmed(context.output))) {
    context.output.print('Nothing was removed.')
    return EXIT.done
  }
  return run(context, (webhooks, options) => webhooks.remove(options))
}

function run(
  context: CommandContext,
  ask: (webhooks: Webhooks, options: { signal: AbortSignal }) => ReturnType<Webhooks['list']>,
): Promise<number> {
  const { output, signal } = context
  return withService(context, async (service) => {
    const report = await ask(service.webhooks, { signal })
    output.document(report)
    if (!output.json) printWebhooks(output, report)
    return refusedIn(report).length === 0 ? EXIT.done : EXIT.incomplete
  })
}

async function isConfirmed(output: Output): Promise<boolean> {
  if (!output.interactive) {
    throw usageError(
      'This removes the webhooks of Tajo at both services. Say --yes where nobody can be asked.',
    )
  }
  const { confirm } = await import('@clack/prompts')
  const message = 'Remove the webhooks of Tajo at Pipedrive and Brevo?'
  return (await confirm({ message, initialValue: false })) === true
}

/** `tajo pause` and `tajo resume`: whether a server leaves the connection alone. */
import { type CommandContext, withService } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'

export function runPause(context: CommandContext): Promise<number> {
  const { output } = context
  return withService(context, async ({ holding }) => {
    const hold = await holding.begin({ because: 'person' })
    output.document(hold)
    output.print(`The connection rests since ${hold.heldAt}. Its webhooks are kept; "tajo resume" goes on.`)
    return EXIT.done
  })
}

export function runResume(context: CommandContext): Promise<number> {
  const { output } = context
  return withService(context, async ({ holding }) => {
    const ended = await holding.end()
    output.document(ended)
    output.print(ended.wasHeld ? 'A server goes on with the connection.' : 'The connection was not paused.')
    return EXIT.done
  })
}

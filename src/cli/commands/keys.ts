/** `tajo keys`: who may use the HTTP interface. A key is printed once, when it is made. */
import { durationMs } from '../../config/index.ts'
import type { KeyView, NewKey } from '../../service/index.ts'
import { type CommandContext, withService } from '../command-context.ts'
import { EXIT, usageError } from '../exit-codes.ts'

export type CreateFlags = { scope: NewKey['scope']; expires?: string; only?: string }

export function runCreate(
  context: CommandContext,
  name: string,
  { scope, expires, only }: CreateFlags,
): Promise<number> {
  const expiresAt = expires === undefined ? null : toExpiry(expires)
  return withService(context, async (service) => {
    const { output } = context
    const { key, secret } = await service.keys.create({ name, scope, connection: only, expiresAt })
    output.document({ key, secret })
    if (output.json) return EXIT.done
    output.print(secret)
    output.note(
      `This key "${key.name}" (${key.scope}${key.connection === null ? '' : `, connection ${key.connection}`}) is shown once: keep it where secrets are kept. It ${key.expiresAt === null ? 'does not expire' : `expires at ${key.expiresAt}`}; "tajo keys revoke ${key.id}" ends it.`,
    )
    return EXIT.done
  })
}

export function runList(context: CommandContext): Promise<number> {
  return withService(context, async (service) => {
    const { output } = context
    const keys = await service.keys.list()
    output.document({ keys })
    if (output.json) return EXIT.done
    if (keys.length === 0)
      output.print('There are no keys. "tajo keys create <name> --scope read" makes one.')
    else {
      output.table(['Id', 'Name', 'Scope', 'Connection', 'State', 'Expires', 'Last used'], keys.map(toRow))
    }
    return EXIT.done
  })
}

export function runRevoke(context: CommandContext, key: string): Promise<number> {
  return withService(context, async (service) => {
    const view = await service.keys.revoke(key)
    context.output.document(view)
    context.output.print(`The key "${view.name}" (${view.id}) is revoked: it opens nothing any more.`)
    return EXIT.done
  })
}

/** `90d` from now, or a date. */
function toExpiry(text: string): string {
  const ms = durationMs(text)
  if (ms !== null) return new Date(Date.now() + ms).toISOString()
  const date = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(text) ? new Date(text) : null
  if (date === null || Number.isNaN(date.getTime())) {
    throw usageError('--expires takes a time such as 90d or 12h, or a date such as 2027-12-31.')
  }
  return date.toISOString()
}

function toRow({ id, name, scope, connection, state, expiresAt, lastUsedAt }: KeyView): string[] {
  return [id, name, scope, connection ?? 'all', state, expiresAt ?? 'never', lastUsedAt ?? 'never']
}

/** `tajo connections`: pairs of a Pipedrive and a Brevo account that this installation keeps in step. Removes nothing unasked. */
import { readFile } from 'node:fs/promises'
import { TajoError } from '../../base/error.ts'
import { type CommandContext, withInstallation } from '../command-context.ts'
import { EXIT, usageError } from '../exit-codes.ts'
import { count } from '../output.ts'
import { renderTable } from '../table.ts'

const PLACES = { file: 'tajo.yaml', store: 'the store' } as const

export function runList(context: CommandContext): Promise<number> {
  const { output } = context
  return withInstallation(context, async ({ connections }) => {
    const list = await connections.list()
    output.document(list)
    if (!output.json)
      output.print(
        renderTable(
          ['Connection', 'Settings in', ''],
          list.map(({ name, settings, isDefault }) => [name, PLACES[settings], isDefault ? 'default' : '']),
          output.columns,
        ),
      )
    return EXIT.done
  })
}

export async function runAdd(context: CommandContext, name: string, file: string): Promise<number> {
  const { output } = context
  const settings = await readSettings(file)
  return withInstallation(context, async ({ connections }) => {
    const added = await connections.add({ name, settings })
    output.document(added)
    output.print(`The connection ${name} is kept in the store. A running server works on it from now on.`)
    return EXIT.done
  })
}

export async function runRemove(
  context: CommandContext,
  name: string,
  { yes }: { yes?: boolean },
): Promise<number> {
  const { output } = context
  if (yes !== true && !(await isConfirmed(context, name))) {
    output.print('Nothing was removed.')
    return EXIT.done
  }
  return withInstallation(context, async ({ connections }) => {
    const removed = await connections.remove(name)
    output.document(removed)
    output.print(`The connection ${name} is forgotten, with ${count(removed.rows, 'row')} of the store.`)
    return EXIT.done
  })
}

async function readSettings(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new TajoError({
      code: 'file_unreadable',
      message: `${file} could not be read (${(error as NodeJS.ErrnoException).code ?? String(error)}). Name a YAML file with the settings of one connection.`,
      cause: error,
    })
  }
}

async function isConfirmed({ output }: CommandContext, name: string): Promise<boolean> {
  if (!output.interactive) {
    throw usageError(
      `This forgets the connection ${name} with its history. Say --yes where nobody can be asked.`,
    )
  }
  const { confirm } = await import('@clack/prompts')
  const message = `Forget the connection ${name}, with its history, links and credentials? Both accounts stay as they are.`
  return (await confirm({ message, initialValue: false })) === true
}

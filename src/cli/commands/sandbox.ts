/** `tajo sandbox`: both simulated services until a signal comes. What it prints on stdout can be pasted into a shell. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { TajoError } from '../../base/error.ts'
import {
  createSandbox,
  type Sandbox,
  type SandboxOptions,
  type StartedSandbox,
} from '../../simulators/index.ts'
import { type CommandContext, commandLine } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { untilAborted } from '../interrupt.ts'
import { writeNew } from './init.ts'

export type SandboxFlags = {
  data: 'agency' | 'messy' | 'large'
  seed: number
  plan: NonNullable<SandboxOptions['plan']>
  latency: number
  pipedrivePort?: number
  brevoPort?: number
  writeConfig?: string
}

export async function runSandbox(context: CommandContext, flags: SandboxFlags): Promise<number> {
  const { output } = context
  if (flags.writeConfig !== undefined && existsSync(flags.writeConfig)) writeNew(flags.writeConfig, '', false)
  const sandbox = await createSandbox({
    data: flags.data,
    seed: flags.seed,
    plan: flags.plan,
    latencyMs: flags.latency,
  })
  const started = await startSandbox(sandbox, flags)
  try {
    const variables = { ...started.environment }
    if (flags.writeConfig !== undefined) {
      writeNew(flags.writeConfig, started.yaml, false)
      variables.TAJO_CONFIG = resolve(flags.writeConfig)
    }
    output.document({ ...started, environment: variables, configFile: variables.TAJO_CONFIG ?? null })
    if (!output.json) {
      for (const line of exportLines(variables)) output.print(line)
      output.note(`\nPipedrive (${flags.plan}) and Brevo answer with the data set "${flags.data}".`)
      output.note('Paste the lines above into another terminal, then for example:')
      output.note(`  ${commandLine('sync')}`)
      output.note('Ctrl-C ends both.')
    }
    await untilAborted(context.signal)
    return EXIT.done
  } finally {
    await sandbox.stop()
  }
}

/** Throws `port_taken`. */
export async function startSandbox(
  sandbox: Sandbox,
  { pipedrivePort, brevoPort }: { pipedrivePort?: number; brevoPort?: number } = {},
): Promise<StartedSandbox> {
  try {
    return await sandbox.start({
      ...(pipedrivePort === undefined ? {} : { pipedrivePort }),
      ...(brevoPort === undefined ? {} : { brevoPort }),
    })
  } catch (error) {
    const { code, port } = error as NodeJS.ErrnoException & { port?: number }
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    throw new TajoError({
      code: 'port_taken',
      message: `Port ${port ?? ''} cannot be used (${code}). Choose another, or leave the option out for a free one.`,
      cause: error,
    })
  }
}

/** `export NAME=value`, quoted for a shell where that is needed. */
export function exportLines(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => {
    const quoted = /^[\w./:@%+=,-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
    return `export ${name}=${quoted}`
  })
}

/**
 * `tajo serve`: the service live behind its HTTP server until a signal comes. Its log goes to stderr, the one line about
 * where it listens to stdout. It stops in order, and leaves nothing half-done that the next start could not go on with.
 */
import { type ApiOptions, createServer, type RunningServer } from '../../server/index.ts'
import { createLog, type Installation, type Live, type LiveNews, type Log } from '../../service/index.ts'
import { type CommandContext, commandLine, withInstallation } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { untilAborted } from '../interrupt.ts'
import type { Output } from '../output.ts'
import { packageVersion } from '../package-version.ts'

export type ServeFlags = {
  /** Default: `server.port` of the configuration. */
  port?: number
  /** Default: all addresses of this machine. */
  host?: string
  /** `--no-webhooks` makes it false. */
  webhooks?: boolean
  /** Default: agents only look. */
  mcpAllowWrite?: boolean
}

/** What serving needs of an installation. */
export type Servable = Pick<Installation, 'server' | 'live' | 'oauth'>

/** Requests under way get this long; Pipedrive itself waits ten seconds. */
const HTTP_GRACE_MS = 2_000
/** A stop is over in ten seconds; what is still under way by then is gone on with at the next start. */
const STOP_MS = 9_500

export async function runServe(context: CommandContext, flags: ServeFlags): Promise<number> {
  const { output, environment } = context
  const terminal = output.stderr.isTTY === true
  const log = createLog({
    level: environment.logLevel,
    stream: output.stderr,
    text: terminal,
    color: output.stderrColor,
  })
  const deadline = endWhenOverdue(context.signal, log)
  try {
    return await withInstallation(
      context,
      (installation) => serve(context, flags, installation, log, apiOf(installation, flags.mcpAllowWrite)),
      {
        serve: true,
      },
    )
  } finally {
    clearTimeout(deadline.timer)
  }
}

/** Every connection under its name, and the default one without. */
export function apiOf({ keys, find, names, defaultName }: Addressed, mcpWrites = false): ApiOptions {
  return {
    keys,
    serviceOf: find,
    names: () => ({ default: defaultName(), all: names() }),
    version: packageVersion(),
    mcpWrites,
  }
}

type Addressed = Pick<Installation, 'keys' | 'find' | 'names' | 'defaultName'>

/** Serves until the signal of the context is aborted; the exit code. Throws `port_in_use` before anything is begun. */
export async function serve(
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
  { port, host, webhooks = true }: ServeFlags,
  { server: settings, live: begin, oauth }: Servable,
  log: Log,
  api?: ApiOptions,
): Promise<number> {
  const started = Promise.withResolvers<Live>()
  // The port comes first: a service must not be told of webhooks that nobody can take.
  const server = await createServer({
    live: started.promise,
    port: port ?? settings.port,
    host,
    onNews: log.news,
    api,
    publicUrl: settings.publicUrl,
    behindProxy: settings.behindProxy,
    oauth,
  })
  const onNews = (news: LiveNews): void => {
    log.news(news)
    server.tell(news)
  }
  let live: Live | null = null
  try {
    live = await begin({
      onNews,
      publicUrl: webhooks ? undefined : null,
      localUrl: server.url,
    })
    started.resolve(live)
    announce(server, settings.publicUrl, webhooks, log)
    output.print(`Listening on ${server.url}`)
    if (output.interactive) sayHowToLogIn(output, server)
    await untilAborted(signal)
    log.news(told('info', 'serve.stopping', 'Stopping.'))
  } finally {
    await server.close(HTTP_GRACE_MS)
    if (live !== null) await stop(live, log)
  }
  log.news(told('info', 'serve.stopped', 'Stopped.'))
  return EXIT.done
}

/** To somebody who sits there; in a file a link that logs in would lie about. */
function sayHowToLogIn(output: Output, server: RunningServer): void {
  const link = server.createLoginUrl()
  if (link === null) return
  output.print(`Its page, logged in, once within ten minutes: ${link}`)
  output.print(`Later with a key: ${commandLine('keys create page --scope operate')}`)
}

function announce(server: RunningServer, publicUrl: string | null, webhooks: boolean, log: Log): void {
  const reach = webhooks && publicUrl !== null
  const means = reach
    ? `webhooks reach it at ${publicUrl}`
    : 'no webhooks are registered, polling does the work'
  log.news({
    level: 'info',
    event: 'serve.started',
    message: `Listening on ${server.url}; ${means}.`,
    details: { url: server.url, publicUrl: reach ? publicUrl : null },
  })
}

/** A stop that fails is told with its cause: after a signal the end of the command itself says only that it came. */
async function stop(live: Live, log: Log): Promise<void> {
  try {
    await live.stop()
  } catch (error) {
    log.failure('serve.stop_failed', 'Work under way did not end as it should.', error)
    throw error
  }
}

/** Whatever hangs, a process that was told to stop is gone in ten seconds. */
function endWhenOverdue(signal: AbortSignal, log: Log): { timer: NodeJS.Timeout | undefined } {
  const deadline: { timer: NodeJS.Timeout | undefined } = { timer: undefined }
  const arm = (): void => {
    deadline.timer = setTimeout(() => {
      log.news(
        told(
          'warn',
          'serve.stop_overdue',
          'Work under way did not end in time; the next start goes on with it.',
        ),
      )
      process.exit(EXIT.done)
    }, STOP_MS)
    deadline.timer.unref()
  }
  if (signal.aborted) arm()
  else signal.addEventListener('abort', arm, { once: true })
  return deadline
}

function told(level: 'info' | 'warn', event: string, message: string): Parameters<Log['news']>[0] {
  return { level, event, message, details: {} }
}

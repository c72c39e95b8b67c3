/** An MCP server (https://modelcontextprotocol.io) over the operations of the wire. It decides nothing: it asks and passes on. */
import { type CallToolResult, McpServer } from '@modelcontextprotocol/server'
import { asError, TajoError } from '../base/error.ts'
import { type OperationName, operations, type Scope } from '../wire/index.ts'
import { listTools, type Tool } from './tools.ts'

export type AskOptions = {
  readonly signal: AbortSignal
  readonly onProgress: (progress: { what: string; done: number; total: number | null }) => void
}

/** Carries an operation out. Throws TajoError. */
export type Ask = (operation: OperationName, params: unknown, options: AskOptions) => Promise<unknown>

export type McpOptions = {
  readonly version: string
  readonly allowWrite: boolean
  /** Whether whoever asks may use operations of a scope; left out: of all. */
  readonly mayUse?: ((scope: Scope) => boolean) | undefined
  readonly ask: Ask
}

const INSTRUCTIONS =
  'Tajo keeps Pipedrive (persons, deals, organizations) and Brevo (contacts, lists, events) in step. Nobody is ever resubscribed by it. Start with tajo_status; for one person use tajo_explain.'

export function createMcpServer({ version, allowWrite, mayUse = () => true, ask }: McpOptions): McpServer {
  const server = new McpServer({ name: 'tajo', title: 'Tajo', version }, { instructions: INSTRUCTIONS })
  for (const tool of listTools({ allowWrite })) {
    const { name, title, description, input, writes, operation } = tool
    if (!mayUse(operations[operation].scope)) continue
    server.registerTool(
      name,
      {
        title,
        description,
        inputSchema: input,
        annotations: { readOnlyHint: !writes, destructiveHint: writes, openWorldHint: true },
      },
      async (params: unknown, context) => {
        const { signal, _meta: meta } = context.mcpReq
        const token = meta?.progressToken
        const onProgress: AskOptions['onProgress'] = ({ what, done, total }) => {
          if (token === undefined) return
          const params = {
            progressToken: token,
            progress: done,
            message: what,
            ...(total === null ? {} : { total }),
          }
          void context.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined)
        }
        return answer(ask, tool, params, { signal, onProgress })
      },
    )
  }
  return server
}

/** An error is an answer to the agent: it may be able to mend what is wrong. */
async function answer(
  ask: Ask,
  { operation, fixed }: Tool,
  params: unknown,
  options: AskOptions,
): Promise<CallToolResult> {
  try {
    const result = await ask(operation, { ...(params as object), ...fixed }, options)
    const structured = Array.isArray(result) ? { items: result } : (result as Record<string, unknown>)
    return {
      content: [{ type: 'text', text: JSON.stringify(result) }],
      structuredContent: structured,
    }
  } catch (thrown) {
    if (options.signal.aborted) throw thrown
    const error = asError(thrown)
    const known = error instanceof TajoError
    const text = known
      ? JSON.stringify({
          error: { code: error.code, message: error.message, disposition: error.disposition },
        })
      : 'Tajo met something it does not know; its log says where.'
    if (!known) throw error
    return { content: [{ type: 'text', text }], isError: true }
  }
}

/** The webhooks of both services as a route handler of Next: `/webhooks/pipedrive` and `/webhooks/brevo`. */
import { TajoClient } from '@tajo/sdk'

/** The embedded store needs Node, not the edge runtime. */
export const runtime = 'nodejs'

const tajo = new TajoClient()

type Context = { params: Promise<{ source: string }> }

export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { source } = await params
  if (source !== 'pipedrive' && source !== 'brevo') return new Response(null, { status: 404 })
  if (!(await tajo.webhooks.verify(source, request))) return new Response(null, { status: 401 })
  await tajo.connectors.handleWebhook(source, await request.text())
  return new Response(null, { status: 200 })
}

/** `/processes`, and the report files that a finished import points to (served outside `/v3`, without a key). */
import type { Hono } from 'hono'
import type { Process } from './process-queue.ts'
import { processNotFound } from './refusal.ts'
import { cutPage, readPage } from './request.ts'
import type { BrevoWorld } from './world.ts'

export function processRoutes(app: Hono, world: BrevoWorld): void {
  app.get('/processes', (c) => {
    const all = world.processes.all()
    const { origin } = new URL(c.req.url)
    const shown = cutPage(all, readPage(c, { standard: 10, most: 50 }))
    return c.json({ processes: shown.map((each) => presentProcess(each, world, origin)), count: all.length })
  })

  app.get('/processes/:processId', (c) => {
    const text = c.req.param('processId')
    if (!/^\d{1,15}$/.test(text)) throw processNotFound()
    const { origin } = new URL(c.req.url)
    return c.json(presentProcess(world.processes.get(Number(text)), world, origin))
  })
}

function presentProcess(process: Process, world: BrevoWorld, origin: string): object {
  const { id, name, reports } = process
  const status = world.processes.status(process, world.nowMs())
  if (reports === null) return { id, name, status }
  const urls = Object.entries(reports).map(([report, text]) => [
    report,
    text === null ? null : `${origin}/reports/${id}/${report}.csv`,
  ])
  return { id, name, status, info: { import: Object.fromEntries(urls) } }
}

/** The answer to `/reports/{processId}/{report}.csv`. */
export function reportFile(path: string, world: BrevoWorld): Response {
  const match = /^\/reports\/(\d+)\/([a-z_]+)\.csv$/.exec(path)
  const process = world.processes.all()[Number(match?.[1]) - 1]
  const text = Object.entries(process?.reports ?? {}).find(([report]) => report === match?.[2])?.[1]
  if (!text) return new Response('Not found', { status: 404 })
  return new Response(text, { headers: { 'content-type': 'text/csv; charset=utf-8' } })
}

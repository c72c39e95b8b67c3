/** Server-sent events out of an answer, as the standard has them: https://html.spec.whatwg.org/multipage/server-sent-events.html */

export type ServerEvent = { readonly event: string; readonly data: string; readonly id: string | null }

/** `onSign` is called for everything that arrives, comments included: somebody is there. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  onSign: () => void = () => {},
): AsyncGenerator<ServerEvent, void, undefined> {
  let event = ''
  let id: string | null = null
  let data: string[] = []
  for await (const line of readLines(body, onSign)) {
    if (line === '') {
      if (data.length > 0) yield { event: event || 'message', data: data.join('\n'), id }
      event = ''
      data = []
      continue
    }
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (field === 'event') event = value
    else if (field === 'data') data.push(value)
    else if (field === 'id') id = value
  }
}

async function* readLines(
  body: ReadableStream<Uint8Array>,
  onSign: () => void,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    onSign()
    rest += decoder.decode(chunk, { stream: true })
    // A CR at the very end may be half of a CRLF.
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    yield* lines
  }
}

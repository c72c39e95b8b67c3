/** Why somebody is on a list: the server's sentence as a key of the page's words, with what it names. */
import type { Values } from '../language/use-words.ts'

const NUMBERS = /\d+/g

/** `open deal 12 is in stage 3` is `open_deal_a_is_in_stage_b`, with `a` and `b`. */
export function toReason(because: string): { readonly key: string; readonly values: Values } {
  const values: Record<string, string> = {}
  const named = because.replace(NUMBERS, (figure) => {
    const name = String.fromCharCode(97 + Object.keys(values).length)
    values[name] = figure
    return name
  })
  return { key: `contacts.reasons.${named.replace(/\W+/g, '_')}`, values }
}

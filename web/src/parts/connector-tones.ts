/** The colour of an account's state, wherever it is shown. */
import type { ResultOf } from '../../../src/wire/index.ts'
import type { StateTone } from './state-label.tsx'

type State = ResultOf<'connectors.list'>[number]['state']

export const CONNECTOR_TONES: Readonly<Record<State, StateTone>> = {
  untested: 'none',
  ok: 'good',
  refused: 'bad',
  unreachable: 'warn',
}

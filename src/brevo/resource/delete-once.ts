/** Deletes one thing. A repeat that finds nothing is a success; a first attempt that finds nothing is an error. */
import { ApiError } from '../../transport/index.ts'
import type { BrevoCalls, CallParts } from '../calls.ts'
import type { Endpoint } from '../endpoints.ts'

export async function deleteOnce(calls: BrevoCalls, endpoint: Endpoint, parts: CallParts): Promise<void> {
  try {
    await calls.request(endpoint, parts)
  } catch (error) {
    // A repeat that finds nothing has found what an earlier, unanswered attempt left behind.
    const repeated = error instanceof ApiError && error.code === 'brevo_not_found' && error.attempts > 1
    if (!repeated) throw error
  }
}

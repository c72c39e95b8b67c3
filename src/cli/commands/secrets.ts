/** `tajo secrets`: the key that stored credentials are sealed with. No key is ever printed. */
import { type CommandContext, withService } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { count } from '../output.ts'

export function runRotate(context: CommandContext): Promise<number> {
  const { output } = context
  return withService(context, async (service) => {
    const rotation = await service.secrets.rotate()
    output.document(rotation)
    const { resealed, resumed, key } = rotation
    if (resumed) output.print('An earlier rotation had been interrupted; it is finished now.')
    output.print(
      `${output.style('green', '✓')} The credentials of ${count(resealed, 'connection')} are sealed with the new key.`,
    )
    output.print(
      key === 'file'
        ? 'The former key is gone from secret.key; a backup of the store needs the key of its day.'
        : 'TAJO_SECRET_KEY_PREVIOUS is no longer needed.',
    )
    return EXIT.done
  })
}

/** `tajo search`: what Pipedrive finds by a word, as a table. */
import type { SearchQuery } from '../../service/index.ts'
import { type CommandContext, withService } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { count, wrapText } from '../output.ts'
import { renderTable } from '../table.ts'

export function runSearch(context: CommandContext, query: SearchQuery): Promise<number> {
  const { output, signal } = context
  return withService(context, async (service) => {
    const result = await service.search(query, { signal })
    output.document(result)
    if (output.json) return EXIT.done
    const { hits, more } = result
    if (hits.length === 0) {
      output.print(`Pipedrive finds nothing for "${query.term}".`)
      return EXIT.done
    }
    output.print(
      renderTable(
        ['Kind', 'Id', 'Name', 'E-mail', 'Organization', 'Contact'],
        hits.map(({ type, id, title, emails, organization, contactId }) => [
          type,
          id,
          title ?? '',
          emails.join(', '),
          organization ?? '',
          contactId === null ? '' : String(contactId),
        ]),
        output.columns,
      ),
    )
    output.print(
      wrapText(
        `${count(hits.length, 'hit')}${more ? '; Pipedrive has more, --limit shows up to 100' : ''}.`,
        output.columns,
      ),
    )
    return EXIT.done
  })
}

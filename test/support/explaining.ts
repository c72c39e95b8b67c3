/** The plan of a query in the place of its rows: `query(store.db.withPlugin(explaining))`. For SQL that is written out. */
import type { KyselyPlugin } from 'kysely'

export const explaining: KyselyPlugin = {
  transformQuery: ({ node }) =>
    node.kind === 'RawNode'
      ? {
          ...node,
          sqlFragments: node.sqlFragments.map((part, index) => (index === 0 ? `explain ${part}` : part)),
        }
      : node,
  transformResult: async ({ result }) => result,
}

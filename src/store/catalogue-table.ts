/** What the Pipedrive account defines, as last read: names, orders and options, so that reports ask nobody. */
import { sql } from 'kysely'
import type { Db } from './db.ts'

export type KeptField = {
  readonly key: string
  readonly name: string
  readonly type: string
  readonly custom: boolean
  /** Option id to label. */
  readonly options: Readonly<Record<string, string>>
}

export type KeptStage = {
  readonly id: number
  readonly name: string
  readonly pipelineId: number
  readonly order: number
  /** Percent; null or absent where the account says nothing. */
  readonly probability?: number | null
}

/** As the pipeline has them. */
export function inStageOrder<S extends Pick<KeptStage, 'id' | 'order'>>(stages: readonly S[]): readonly S[] {
  return stages.toSorted((a, b) => a.order - b.order || a.id - b.id)
}

export type KeptCatalogue = {
  readonly personFields: readonly KeptField[]
  readonly organizationFields: readonly KeptField[]
  readonly dealFields: readonly KeptField[]
  /** Keys of those of which a deal keeps its value. */
  readonly keptDealFields?: readonly string[]
  readonly pipelines: readonly { readonly id: number; readonly name: string }[]
  readonly stages: readonly KeptStage[]
  /** User id to name. */
  readonly users: Readonly<Record<string, string>>
  readonly defaultCurrency: string
}

export async function keepCatalogue(
  db: Db,
  connection: string,
  catalogue: KeptCatalogue,
  at: Date,
): Promise<void> {
  await sql`insert into catalogues (connection, doc, read_at)
    values (${connection}, ${JSON.stringify(catalogue)}::jsonb, ${at}::timestamptz)
    on conflict (connection) do update set doc = excluded.doc, read_at = excluded.read_at`.execute(db)
}

/** Null before the first sync. */
export async function readKeptCatalogue(db: Db, connection: string): Promise<KeptCatalogue | null> {
  const row = await db
    .selectFrom('catalogues')
    .select('doc')
    .where('connection', '=', connection)
    .executeTakeFirst()
  return (row?.doc as unknown as KeptCatalogue | undefined) ?? null
}
